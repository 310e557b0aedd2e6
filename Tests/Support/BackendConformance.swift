public import Backends
public import JobCore
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What every backend must keep, checked alike for all (the numbers are those at `Backend`).
public struct BackendConformance: Sendable {
    /// A sanitized program is several times slower: there the limit only tells stopping from not stopping.
    private static let stopTime: Duration =
        ProcessInfo.processInfo.environment["KINOSPOOL_SANITIZED"] == nil ? .seconds(5) : .seconds(30)

    private let backend: any Backend
    private let good: JobRequest.Work, failing: JobRequest.Work, endless: JobRequest.Work
    private let failureCode: FailureCode

    /// - Parameters:
    ///   - good: work that succeeds soon.
    ///   - failing: work that fails with the code.
    ///   - endless: work that takes far longer than a test, and reports something early.
    public init(
        _ backend: any Backend, good: JobRequest.Work, failing: JobRequest.Work, with failureCode: FailureCode,
        endless: JobRequest.Work
    ) {
        (self.backend, self.good, self.failing, self.endless) = (backend, good, failing, endless)
        self.failureCode = failureCode
    }

    /// Everything that is wrong with the backend, in words; empty when it conforms.
    ///
    /// - Parameter folder: an empty folder for the suite alone; the caller removes it.
    public func findings(in folder: String) async -> [String] {
        var findings: [String] = []
        for (name, check) in [("good", checkGood), ("failing", checkFailing), ("endless", checkCancel)] {
            let place = "\(folder)/\(name)"
            do {
                try FileManager.default.createDirectory(atPath: place + "/scratch", withIntermediateDirectories: true)
                findings += try await check(place).map { "\(name): \($0)" }
                let outside = try FileManager.default.contentsOfDirectory(atPath: place).filter { $0 != "scratch" }
                if !outside.isEmpty { findings.append("\(name): wrote outside its scratch: \(outside)") }
            } catch {
                findings.append("\(name): \(error)")
            }
        }
        return findings
    }

    private func checkGood(_ place: String) async throws -> [String] {
        let log = EventLog()
        let told = Mutex<[(file: ProducedFile, bytes: Data?)]>([])
        let request = try request(good, place) { file in
            told.withLock { $0.append((file, Self.bytes(of: file, in: place))) }
        }
        let files = try await backend.run(request) { log.add($0) }
        var findings = Self.progressFindings(log.events)
        for (file, bytes) in told.withLock({ $0 }) {
            if !files.contains(file) { findings.append("called \(file.name) finished, and returned another") }
            if bytes != Self.bytes(of: file, in: place) { findings.append("changed \(file.name), which was finished") }
        }
        let named = Set(files.map(\.name) + files.compactMap(\.poster) + files.compactMap(\.contactSheet))
        let found = Set(try FileManager.default.contentsOfDirectory(atPath: place + "/scratch"))
        if named != found { findings.append("named \(named.sorted()), left \(found.sorted())") }
        return findings + Self.livingFindings(log.events)
    }

    private func checkFailing(_ place: String) async throws -> [String] {
        do {
            let files = try await backend.run(request(failing, place)) { _ in }
            return ["it returned \(files) and should have failed with \(failureCode.rawValue)"]
        } catch let failure as Failure {
            return failure.code == failureCode ? [] : ["it failed with \(failure), not with \(failureCode.rawValue)"]
        }
    }

    private func checkCancel(_ place: String) async throws -> [String] {
        let log = EventLog()
        let (signals, started) = AsyncStream.makeStream(of: Void.self)
        let request = try request(endless, place)
        let clock = ContinuousClock()
        return try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask {
                do {
                    let files = try await backend.run(request) { event in
                        log.add(event)
                        started.yield()
                    }
                    started.finish()
                    return "it returned \(files) although it was cancelled"
                } catch is CancellationError {
                    return nil
                } catch {
                    started.finish()
                    return "it threw \(error) when it was cancelled"
                }
            }
            for await _ in signals { break }
            let start = clock.now
            group.cancelAll()
            var findings = try await group.next().flatMap { $0 }.map { [$0] } ?? []
            let elapsed = clock.now - start
            if elapsed > Self.stopTime { findings.append("it took \(elapsed) to stop") }
            return findings + Self.livingFindings(log.events)
        }
    }

    private static func bytes(of file: ProducedFile, in place: String) -> Data? {
        try? Data(contentsOf: URL(filePath: "\(place)/scratch/\(file.name)"))
    }

    private func request(
        _ work: JobRequest.Work, _ place: String, finished: @escaping @Sendable (ProducedFile) -> Void = { _ in }
    ) throws -> BackendRequest {
        guard let id = JobID("conformance") else { throw Failure(.internalError, "The id is not legal.") }
        return BackendRequest(
            jobID: id, attempt: 1, work: work, seed: 42, scratch: "\(place)/scratch", inputs: "\(place)/inputs",
            finished: finished)
    }

    private static func progressFindings(_ events: [BackendEvent]) -> [String] {
        var findings: [String] = []
        var highest = -1
        for case .progress(let percent, _) in events {
            if percent <= highest { findings.append("progress went from \(highest) to \(percent)") }
            if !(0...100).contains(percent) { findings.append("progress \(percent) is no percentage") }
            highest = percent
        }
        return findings
    }

    private static func livingFindings(_ events: [BackendEvent]) -> [String] {
        var findings: [String] = []
        for case .startedProcessGroup(let group) in events where !ProcessGroup.isGone(group, within: .seconds(2)) {
            findings.append("process group \(group) lives on")
        }
        return findings
    }
}
