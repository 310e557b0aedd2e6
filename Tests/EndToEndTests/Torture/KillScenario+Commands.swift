import Foundation
import JobCore
import Testing

/// Commands that change a spool while no daemon runs.
extension KillScenario {
    /// Every command, each on a spool with a job in each state.
    static func commands() async throws -> [KillScenario] {
        let mold = try await SpoolMold(shelf)
        let nothingNew = shelfEndings
        func scenario(
            _ name: String, _ arguments: [String], also: [String: Set<String>] = [:], relief: [[String]] = [],
            mustSucceedAgain: Bool = true, verify: @escaping @Sendable (Desk, Set<String>) -> [String] = { _, _ in [] }
        ) -> KillScenario {
            KillScenario(
                name: name, arguments: arguments, mold: mold, relief: relief, mustSucceedAgain: mustSucceedAgain,
                endings: nothingNew.merging(also) { _, new in new },
                accepted: Set(nothingNew.keys.filter { also[$0]?.contains("gone") != true }),
                attempts: ["made": 1, "bad": 1],
                fragile: ["died"],
                verify: verify)
        }
        var named = scenario("submit-by-name", ["submit", "jobs/kite.json"])
        // Nobody chose an id: given again it may be a second job, whose id begins alike.
        named.madeUp = ["kite": 0...2]
        var pause = scenario("pause", ["pause"], relief: [["resume"]])
        pause.verifyAnswer = { $0.exists("spool/meta/paused") ? [] : ["pause answered, the queue is open"] }
        let many = ["one", "two", "three", "four"]
        return [
            scenario("submit-one", ["submit", "jobs/one.json"], also: ["one": ["done", "gone"]]),
            scenario(
                "submit-many", ["submit"] + many.map { "jobs/\($0).json" },
                also: Dictionary(uniqueKeysWithValues: many.map { ($0, ["done", "gone"]) })),
            scenario(
                "submit-picture", ["submit", "jobs/album.json"], also: ["album": ["done", "gone"]], verify: hasPicture),
            named,
            scenario(
                "cancel", ["cancel", "waits", "died", "later"],
                also: ["waits": ["done", "canceled"], "died": ["done", "canceled"], "later": ["done", "canceled"]]),
            scenario(
                "retry", ["retry", "bad", "made", "ended"], also: ["ended": ["canceled", "done"]],
                mustSucceedAgain: false),
            scenario(
                "retry-set", ["retry", "made", "--set", "output_bytes=40"], mustSucceedAgain: false,
                verify: hasOneSize),
            scenario(
                "rm", ["rm", "--force", "made", "waits", "died", "ended"],
                also: [
                    "made": ["done", "gone"], "waits": ["done", "gone"], "died": ["done", "gone", "canceled"],
                    "ended": ["canceled", "gone"],
                ], mustSucceedAgain: false, verify: hasNoRemains),
            pause,
        ]
    }

    /// A paused queue that is opened again.
    static func resume() async throws -> KillScenario {
        let mold = try await SpoolMold { desk in
            try await desk.submit("waits")
            try #require(try await desk.run("pause").status == 0)
        }
        var resume = KillScenario(
            name: "resume", arguments: ["resume"], mold: mold, relief: [["resume"]], endings: ["waits": ["done"]],
            accepted: ["waits"])
        resume.verifyAnswer = { $0.exists("spool/meta/paused") ? ["resume answered, the queue is paused"] : [] }
        return resume
    }

    /// A spool made where there is none.
    static func begin() async throws -> KillScenario {
        let mold = try await SpoolMold(isEmpty: true) { desk in
            try desk.write("one.json", #"{"type":"NOOP","job_id":"one"}"#)
        }
        return KillScenario(
            name: "init", arguments: ["init"], mold: mold, relief: [["submit", "one.json"]],
            endings: ["one": ["done"]], accepted: [])
    }

    private static let shelfEndings: [String: Set<String>] = [
        "made": ["done"], "bad": ["failed/invalid_video"], "ended": ["canceled"], "waits": ["done"], "later": ["done"],
        "died": ["done"],
    ]

    @Sendable private static func shelf(_ desk: Desk) async throws {
        try await desk.submit("made", #"{"output_bytes":90}"#)
        try await desk.submit("bad", #"{"fail":"invalid_video"}"#)
        try await desk.run("serve", "--once", environment: environment)
        try await desk.submit("ended")
        try #require(try await desk.run("cancel", "ended").status == 0)
        try await desk.leaveRunning("died", "{}")
        try await desk.submit("waits", #"{"output_bytes":20}"#)
        try await desk.submit("later")
        for name in ["one", "two", "three", "four"] {
            try desk.write("jobs/\(name).json", #"{"type":"NOOP","job_id":"\#(name)"}"#)
        }
        try desk.write("jobs/kite.json", #"{"type":"NOOP"}"#)
        try desk.write("jobs/album.json", #"{"type":"NOOP","job_id":"album","params":{"image":"cat.png"}}"#)
        try desk.write("jobs/cat.png", "a cat")
    }

    @Sendable private static func hasPicture(_ desk: Desk, _: Set<String>) -> [String] {
        guard desk.ending("album") == "done" else { return [] }
        let record = SpoolAudit(root: "\(desk.folder)/spool").record(of: "album")
        return desk.read("\(record)/in/cat.png") == "a cat" ? [] : ["album is done without its cat"]
    }

    /// As it was, or as it was wished; never in between.
    @Sendable private static func hasOneSize(_ desk: Desk, _ acknowledged: Set<String>) -> [String] {
        let bytes = (try? desk.job("made"))?.artifacts.map(\.bytes) ?? []
        let attempt = (try? desk.job("made").attempt) ?? 0
        return bytes == (attempt == 1 ? [90] : [40]) ? [] : ["made has \(bytes) bytes after attempt \(attempt)"]
    }

    @Sendable private static func hasNoRemains(_ desk: Desk, _: Set<String>) -> [String] {
        let audit = SpoolAudit(root: "\(desk.folder)/spool")
        return ["made", "waits", "died", "ended"].filter {
            desk.ending($0) == "gone" && desk.exists(path: audit.record(of: $0))
        }
        .map { "\($0) is deleted, its record is not" }
    }
}

extension Desk {
    /// Whether something lies at an absolute path.
    func exists(path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
