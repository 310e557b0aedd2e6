import Foundation
import Testing

extension Torture {
    /// Explores every order of steps of a job's life in a model, and the same with known faults built in.
    @Suite struct ModelCampaign {
        /// What one exploration found.
        private struct Exploration {
            let errors: Int
            let states: Int
        }

        @Test func protocol_inEveryOrderOfSteps_keepsItsPromises() throws {
            guard hasTools else { return }
            let found = try explored(fault: nil)
            #expect(found.errors == 0)
            // Fewer mean that somebody can no longer act: there were 10,442,974 when this was written.
            #expect(found.states > 5_000_000)
            TortureRun.report("model-states", found.states)
        }

        @Test(arguments: ["BUG_REPLACE", "BUG_NOLOCK", "BUG_LOCKLATE", "BUG_LINK"])
        func protocol_withAFault_breaksAPromise(fault: String) throws {
            guard hasTools else { return }
            #expect(try explored(fault: fault).errors > 0)
        }

        private var hasTools: Bool {
            let isThere = ["spin", "gcc"].allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") }
            return TortureRun.needs(isThere, "spin and gcc (Scripts/install-packages --torture)")
        }

        private func explored(fault: String?) throws -> Exploration {
            let folder = FileManager.default.temporaryDirectory.appending(path: "kinospool-model-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let model = URL(filePath: #filePath).appending(path: "../../../Model/spool.pml").standardized.path
            let faults = fault.map { ["-D\($0)"] } ?? []
            _ = try run("/usr/bin/spin", ["-a", "-DMAXATT=2"] + faults + [model], in: folder)
            _ = try run("/usr/bin/gcc", ["-O2", "-w", "-DSAFETY", "-o", "pan", "pan.c"], in: folder)
            // -E: an actor whose story is over is no deadlock.
            let report = try run(folder.appending(path: "pan").path, ["-E", "-m100000"], in: folder)
            let errors = try #require(report.firstMatch(of: /errors: (\d+)/).flatMap { Int($0.output.1) }, "\(report)")
            let states = try #require(report.firstMatch(of: /(\d+) states, stored/).flatMap { Int($0.output.1) })
            #expect(!report.contains("search depth too small") && !report.contains("out of memory"), "\(report)")
            return Exploration(errors: errors, states: states)
        }

        private func run(_ program: String, _ arguments: [String], in folder: URL) throws -> String {
            let output = folder.appending(path: "output")
            try Data().write(to: output)
            let process = Process()
            process.executableURL = URL(filePath: program)
            process.arguments = arguments
            process.currentDirectoryURL = folder
            let handle = try FileHandle(forWritingTo: output)
            (process.standardOutput, process.standardError) = (handle, handle)
            try process.run()
            process.waitUntilExit()
            let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
            #expect(process.terminationStatus == 0, "\(program): \(text)")
            return text
        }
    }
}
