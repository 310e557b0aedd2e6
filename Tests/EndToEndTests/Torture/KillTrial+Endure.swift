import Foundation
import Glibc
import JobCore
import TestSupport

/// A program whose system call fails instead of killing it.
extension KillTrial {
    /// Codes with which a job may end because the disk said no.
    private static let excuses: Set<String> = ["disk_full", "internal_error", "config_error"]
    /// A daemon that a failing disk keeps from its end is told to stop after this.
    private static let grace = DispatchTimeInterval.milliseconds(3000)

    func endure(on desk: Desk, lane: Int) async throws -> Result {
        var result = Result()
        var random = SeededRandom(seed)
        let pin = Bool.random(using: &random) ? Processors.pin(lane) : []
        let answer = try await Impatience.during(desk) {
            let run = try scenario.start(scenario.arguments, desk, launcher: pin + fault.launcher)
            let end = DispatchWorkItem {
                for child in ProcessTree.descendants(of: run.pid) { kill(child, SIGTERM) }
            }
            DispatchQueue.global().asyncAfter(deadline: .now() + Self.grace, execute: end)
            defer { end.cancel() }
            return try await run.answer(within: Self.patience)
        }
        result.note(answer, as: scenario.arguments)
        if let answer { result.findings += Self.silence(answer, fault) }
        let before = SpoolAudit.Promises(accepted: scenario.accepted, canceled: [], done: ["old"])
        let audit = SpoolAudit(root: "\(desk.folder)/spool")
        result.findings += audit.findings(before, isAtRest: false).map { "after the fault: \($0)" }
        try await recover(desk, lane, &random, &result, isKilledToo: false)
        result.story = "the daemon said: \(answer?.errors.suffix(3000) ?? "")\n\(result.story)"
        result.findings += verdict(desk, audit, before, [], deaths: 0) { id, ending in
            if Self.excuses.contains(where: { ending == "failed/\($0)" }) { return id != "wished" && id != "moved" }
            // A job whose need failed, and a drop that could not be read.
            if ending == "failed/dependency_failed" { return desk.ending("out").hasPrefix("failed/") }
            return ending == "gone" && desk.isSetAside(id)
        }
        return result
    }

    /// A daemon that gave up says why; one to which a call failed for ever says that.
    private static func silence(_ answer: Program.Answer, _ fault: SystemCallFault) -> [String] {
        let isWriting = fault.call == "write" || fault.call == "openat"
        if ![0, 4].contains(answer.status), answer.errors.isEmpty, !isWriting {
            return ["the daemon gave up with \(answer.status) and said nothing"]
        }
        let mustTell = ["renameat2", "mkdirat", "linkat", "unlinkat"].contains(fault.call)
        guard fault.isLasting, mustTell, fault.number == 1, answer.status == 0 else { return [] }
        return answer.errors.contains(#/error|warning/#) ? [] : ["the daemon said nothing about \(fault)"]
    }
}

extension Desk {
    /// Whether a dropped file of this name lies in quarantine, with its reason.
    func isSetAside(_ id: String) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/spool/quarantine")) ?? []
        return names.contains { $0.hasPrefix("\(id).") && $0.hasSuffix(".why.json") }
    }
}
