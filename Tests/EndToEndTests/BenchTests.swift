import Foundation
import JobCore
import Testing

@testable import kinospool

/// What `kinospool bench` tells, not how fast anything is.
@Suite struct BenchTests {
    @Test(.timeLimit(.minutes(5)))
    func bench_quick_givesEveryFigure_andLeavesNothingBehind() async throws {
        try await Desk.use(isEmpty: true) { desk in
            let answer = try await desk.run("bench", "ground", "--quick", "--rounds", "2", "--json", "--quiet")
            try #require(answer.status == 0, "\(answer.errors)")
            let report = try Desk.object(answer.output)
            #expect(report["kernel"]?.string?.hasPrefix("Linux ") == true)
            #expect(try #require(report["cores"]?.integer) > 0)
            #expect(report["file_system"]?.string?.isEmpty == false)
            let figures = try #require(report["figures"]?.array).compactMap(\.object)
            let kinds = figures.compactMap { $0["name"]?.string?.split(separator: "@").first.map(String.init) }
            // Peers are measured where somebody has them, and spoken of where not.
            let peers: [BenchFigure.Kind] = [.stitchMoviePy, .httpPost, .httpPostSlowest, .httpGet, .httpList]
            #expect(Set(kinds + peers.map(\.rawValue)) == Set(BenchFigure.Kind.allCases.map(\.rawValue)))
            for figure in figures { try expectWhole(figure) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(desk.folder)/ground") == [])
            #expect(!desk.exists("spool"))
        }
    }

    @Test func bench_ofOneGroup_printsATableOfIt() async throws {
        try await Desk.use(isEmpty: true) { desk in
            let answer = try await desk.run("bench", "--quick", "--rounds", "1", "--only", "submit")
            #expect(answer.status == 0)
            #expect(answer.errors.contains("round 1 of 1: submit"))
            try #require(answer.lines.count == 5)
            #expect(answer.lines[0].hasPrefix("WHAT "))
            #expect(answer.lines.dropFirst().allSatisfy { $0.hasPrefix("submit ") && $0.contains("x") })
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func bench_interrupted_clearsItsFolder() async throws {
        try await Desk.use(isEmpty: true) { desk in
            let run = try desk.start(["bench", "ground", "--quick", "--rounds", "99"])
            // By then daemons have been started.
            try await desk.until(run) { run.errorsSoFar.contains("round 1 of 99: latency") }
            run.signal(SIGINT)
            let answer = try await run.answer()
            #expect(answer.status == 130)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(desk.folder)/ground") == [])
        }
    }

    @Test(arguments: [["--only", "speed"], ["--rounds", "0"], ["--quick", "--full"]])
    func bench_wronglyCalled_isUsage(_ arguments: [String]) async throws {
        try await Desk.use(isEmpty: true) { desk in
            let answer = try await desk.start(["bench"] + arguments).answer()
            #expect(answer.status == 64)
        }
    }

    /// A spool that is there is never written to.
    @Test func bench_besideASpool_leavesItAlone() async throws {
        try await Desk.use { desk in
            func names() throws -> [String] {
                try FileManager.default.subpathsOfDirectory(atPath: "\(desk.folder)/spool").sorted()
            }
            let before = try names()
            let answer = try await desk.run("bench", "--quick", "--rounds", "1", "--only", "cli")
            #expect(answer.status == 0)
            #expect(try names() == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: desk.folder) == ["spool"])
        }
    }

    private func expectWhole(_ figure: [String: JSONValue]) throws {
        let name = try #require(figure["name"]?.string)
        #expect(figure["rounds"] == 2, "\(name)")
        #expect(figure["unit"]?.string?.isEmpty == false, "\(name)")
        let ours = try #require(figure["ours"]?.number)
        #expect(name.hasPrefix("idle_") ? ours >= 0 : ours > 0, "\(name)")
        #expect((figure["limit"] == .null) == (figure["limit_is"] == .null), "\(name)")
        if let limit = figure["limit"]?.number {
            let ratio = try #require(figure["ratio"]?.number)
            #expect(limit > 0 && abs(ratio - ours / limit) <= ratio * 1e-9, "\(name)")
        }
        #expect((figure["goal"] == .null) == (figure["goal_met"] == .null), "\(name)")
        #expect((figure["goal"] == .null) == (figure["goal_number"] == .null), "\(name)")
    }
}
