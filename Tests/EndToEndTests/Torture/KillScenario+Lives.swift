import Foundation
import Glibc
import JobCore
import Testing

/// Lives of daemons and workers.
extension KillScenario {
    /// A daemon with every kind of work before it.
    static func life() async throws -> KillScenario {
        try await KillScenario(
            name: "life", arguments: ["serve", "--once"], mold: SpoolMold(prepare), endings: lifeEndings,
            madeUp: ["my-film-": 1...1], accepted: lifeAccepted, fragile: ["died"], verify: verifyLife)
    }

    /// A further worker beside a daemon.
    static func crew() async throws -> KillScenario {
        try await KillScenario(
            name: "crew", arguments: ["work", "--once"], mold: SpoolMold(prepare), isCrew: true, isRepeated: false,
            endings: lifeEndings, madeUp: ["my-film-": 1...1], accepted: lifeAccepted, fragile: ["died"],
            verify: verifyLife)
    }

    /// A daemon on a restored copy from which files are missing, and in which one lies twice.
    static func copy() async throws -> KillScenario {
        let mold = try await SpoolMold(isCopy: true) { desk in
            try await desk.submit("made", #"{"output_bytes":700}"#)
            try await desk.submit("twice", #"{"output_bytes":300}"#)
            try await desk.submit("bad", #"{"fail":"invalid_video"}"#)
            try await desk.run("serve", "--once", environment: environment)
            try await desk.submit("waits")
            try await desk.submit("born")
            try await desk.submit("ended")
            try #require(try await desk.run("cancel", "ended").status == 0)
            try await desk.shell("cp spool/done/twice.json spool/queued/; cd spool; rm done/made.json queued/born.json")
        }
        return KillScenario(
            name: "copy", arguments: ["serve", "--once"], mold: mold,
            endings: [
                "made": ["done"], "twice": ["done"], "bad": ["failed/invalid_video"], "waits": ["done"],
                "born": ["done"], "ended": ["canceled"],
            ], accepted: ["twice", "bad", "waits", "ended"])
    }

    private static let lifeEndings: [String: Set<String>] = [
        "old": ["done"], "died": ["done"], "plain": ["done"], "out": ["done"], "bad": ["failed/invalid_video"],
        "tries": ["failed/ffmpeg_error"], "heir": ["done"], "orphan": ["failed/dependency_failed"],
        "wished": ["canceled"], "moved": ["canceled"], "drop": ["done"], "album": ["done"],
    ]
    private static let lifeAccepted: Set<String> = [
        "old", "died", "plain", "out", "bad", "tries", "heir", "orphan", "wished", "moved",
    ]

    @Sendable private static func prepare(_ desk: Desk) async throws {
        try await desk.submit("old", #"{"output_bytes":100}"#)
        try await desk.run("serve", "--once", environment: environment)
        try await desk.leaveRunning("died", #"{"seconds":0.3,"output_bytes":50}"#)
        try await desk.submit("plain")
        try await desk.submit("out", #"{"seconds":0.02,"output_bytes":3000}"#)
        try await desk.submit("bad", #"{"fail":"invalid_video"}"#)
        let further = [
            "tries": #"{"type":"NOOP","max_attempts":2,"params":{"fail":"ffmpeg_error"}}"#,
            "heir": #"{"type":"NOOP","needs":["out"]}"#, "orphan": #"{"type":"NOOP","needs":["bad"]}"#,
        ]
        for (id, text) in further {
            try desk.write("jobs/\(id).json", text)
            try #require(try await desk.run("submit", "jobs/\(id).json").output == "\(id)\n")
        }
        try await desk.submit("wished")
        let kill = SystemCallFault(call: "renameat2", kind: .kill, number: 1)
        let cancel = try desk.start(["cancel", "wished"], launcher: kill.launcher)
        try #require(try await cancel.answer().status == 128 + SIGKILL)
        try #require(
            FileManager.default.fileExists(
                atPath: "\(SpoolAudit(root: "\(desk.folder)/spool").record(of: "wished"))/cancel"))
        try await desk.submit("moved")
        try desk.move("moved", from: .queued, to: .canceled)
        try desk.write("spool/queued/drop.json", #"{"type":"NOOP","params":{"output_bytes":10}}"#)
        try desk.write("spool/queued/My Film!.json", #"{"type":"NOOP"}"#)
        try desk.write("spool/inbox/album.json", #"{"type":"NOOP","params":{"image":"cat.png"}}"#)
        try desk.write("spool/inbox/cat.png", "a cat")
    }

    @Sendable private static func verifyLife(_ desk: Desk, _: Set<String>) -> [String] {
        var findings: [String] = []
        let audit = SpoolAudit(root: "\(desk.folder)/spool")
        if desk.read("\(audit.record(of: "album"))/in/cat.png") != "a cat" { findings.append("album has lost its cat") }
        let inbox = (try? FileManager.default.contentsOfDirectory(atPath: "\(desk.folder)/spool/inbox")) ?? []
        if !inbox.isEmpty { findings.append("inbox/ holds \(inbox)") }
        for (id, size) in ["old": 100, "died": 50, "out": 3000, "drop": 10] where desk.ending(id) == "done" {
            let bytes = (try? desk.job(id))?.artifacts.map(\.bytes) ?? []
            if bytes != [Int64(size)] { findings.append("\(id) is done with \(bytes) bytes") }
        }
        if (try? desk.job("old").attempt) != 1 { findings.append("old was run again") }
        return findings
    }
}

extension Desk {
    /// A job that was running when its daemon was killed.
    func leaveRunning(_ id: String, _ params: String) async throws {
        try await submit(id, params)
        // Killed while it gives its first sign of life, which comes after the claim was recorded.
        let kill = SystemCallFault(call: "utimensat", kind: .kill, number: 1)
        let daemon = try start(["serve"], environment: KillScenario.environment, launcher: kill.launcher)
        _ = try await daemon.answer()
        try #require(state(id) == .running)
    }
}
