import Foundation
import Glibc
import JobCore
import TestSupport

/// One program killed at one moment, and all that must be true afterwards.
struct KillTrial: Sendable {
    let scenario: KillScenario
    let fault: SystemCallFault
    /// Two hours ahead, for the recovery.
    let clock: WallClock
    /// What the trial's own choices are drawn from.
    let seed: UInt64

    /// Names the trial so that `KINOSPOOL_TORTURE_TRIAL` repeats it.
    var text: String { "\(scenario.name)/\(fault.call)/\(fault.number)/\(seed)" }

    /// What came of it.
    struct Result: Sendable {
        /// Programs that were killed.
        var kills = 0
        /// One sentence for each broken promise.
        var findings: [String] = []
        /// What the recovery said.
        var story = ""
    }

    /// Nothing on these spools takes longer; what does, hangs.
    static let patience = 60

    func run(on desk: Desk, lane: Int) async throws -> Result {
        var (result, acknowledged): (Result, Set<String>) = (Result(), [])
        var random = SeededRandom(seed)
        // On one processor one thread makes nearly all calls, so that each has its number; on all, threads race.
        let pin = Int.random(in: 0..<4, using: &random) > 0 ? Processors.pin(lane) : []
        let launcher = pin + fault.launcher
        let wasKilled = try await Impatience.during(desk) {
            let beside = try scenario.startBeside(desk)
            let run = try scenario.start(scenario.arguments, desk, launcher: launcher)
            let answer = try await run.answer(within: Self.patience)
            result.note(answer, as: scenario.arguments)
            if let beside { result.note(try await beside.answer(within: Self.patience), as: ["serve", "beside"]) }
            guard let answer else { return false }
            acknowledged.formUnion(scenario.acknowledged(in: answer.output))
            if answer.status == 0 { result.findings += scenario.verifyAnswer(desk) }
            if answer.status == 128 + SIGKILL { result.kills += 1 }
            return answer.status == 128 + SIGKILL
        }
        let audit = SpoolAudit(root: "\(desk.folder)/spool")
        let before = promises(desk)
        // A copy was never whole.
        if scenario.name != "copy" {
            result.findings += audit.findings(before, isAtRest: false).map { "after the kill: \($0)" }
        }

        if wasKilled, scenario.arguments.first != "serve", scenario.isRepeated, Bool.random(using: &random) {
            let answer = try await scenario.start(scenario.arguments, desk).answer(within: Self.patience)
            result.note(answer, as: scenario.arguments + ["again"])
            if let answer {
                acknowledged.formUnion(scenario.acknowledged(in: answer.output))
                if answer.status == 0 { result.findings += scenario.verifyAnswer(desk) }
                if answer.status != 0, scenario.mustSucceedAgain {
                    result.findings.append("the same command again answered \(answer.status): \(answer.errors)")
                }
            }
        }
        for command in scenario.relief { _ = try await scenario.start(command, desk).answer(within: Self.patience) }
        try await recover(desk, lane, &random, &result)
        result.findings += verdict(desk, audit, before, acknowledged, deaths: result.kills)
        return result
    }

    /// What must still hold at the end.
    private func promises(_ desk: Desk) -> SpoolAudit.Promises {
        // What a command shall change again need not stay.
        let isChanging = ["retry", "rm"].contains(scenario.arguments[0]) || scenario.name == "copy"
        let ids = isChanging ? [] : desk.ids
        return SpoolAudit.Promises(
            accepted: scenario.accepted, canceled: ids.filter { desk.state($0) == .canceled },
            done: ids.filter { desk.state($0) == .done })
    }

    /// The daemon that makes all whole, which sometimes is killed as well, first.
    func recover(
        _ desk: Desk, _ lane: Int, _ random: inout SeededRandom, _ result: inout Result, isKilledToo: Bool = true
    ) async throws {
        if isKilledToo, Int.random(in: 0..<4, using: &random) == 0 {
            let calls = ["renameat2", "linkat", "unlinkat", "openat", "fsync", "ftruncate", "mkdirat", "write"]
            let call = calls[Int.random(in: 0..<calls.count, using: &random)]
            let second = SystemCallFault(call: call, kind: .kill, number: Int.random(in: 1...40, using: &random))
            let answer = try await Impatience.during(desk) {
                try await scenario.start(["serve", "--once"], desk, launcher: Processors.pin(lane) + second.launcher)
                    .answer(within: Self.patience)
            }
            if answer?.status == 128 + SIGKILL { result.kills += 1 }
            result.note(answer, as: ["serve", second.description])
        }
        // Two hours later: leftovers are old enough to be swept, postponed jobs are due, drops have settled.
        let answer = try await Impatience.during(desk) {
            try await scenario.start(["serve", "--once"], desk, clock: clock).answer(within: Self.patience)
        }
        result.note(answer, as: ["serve", "recovering"])
        guard let answer else { return }
        result.story = "the recovery answered \(answer.status): \(answer.errors.suffix(4000))"
        if ![0, 4].contains(answer.status) {
            result.findings.append("the recovery answered \(answer.status)")
        }
        for line in answer.errors.split(separator: "\n") where line.contains(#/Z (?:error|critical)\b/#) {
            result.findings.append("the recovery says: \(line)")
        }
    }

    /// All that is wrong at the end.
    ///
    /// - Parameter excuse: whether a job may have come to an ending that is not the scenario's.
    func verdict(
        _ desk: Desk, _ audit: SpoolAudit, _ before: SpoolAudit.Promises, _ acknowledged: Set<String>, deaths: Int,
        excuse: (_ id: String, _ ending: String) -> Bool = { _, _ in false }
    ) -> [String] {
        var findings = audit.findings(before, isAtRest: true) + audit.remains()
        findings += audit.filmsOfOthers().map { "films/\($0) leads to a job that is not done" }
        for (id, allowed) in scenario.endings {
            let ending = desk.ending(id)
            let isWornOut = ending == "failed/worker_timeout" && scenario.fragile.contains(id) && deaths > 1
            if !allowed.contains(ending), !isWornOut, !excuse(id, ending) {
                findings.append("\(id) ended as \(ending)")
            }
        }
        let strangers = desk.ids.subtracting(scenario.endings.keys)
        for (prefix, range) in scenario.madeUp {
            let count = strangers.count { $0.hasPrefix(prefix) }
            if !range.contains(count), !excuse(prefix, count == 0 ? "gone" : "many") {
                findings.append("\(count) jobs are named \(prefix)…")
            }
        }
        for id in strangers where !scenario.madeUp.keys.contains(where: id.hasPrefix) {
            findings.append("nobody asked for \(id)")
        }
        findings += scenario.brokenPromises(desk, acknowledged) + scenario.verify(desk, acknowledged)
        return findings
    }
}

extension KillTrial.Result {
    /// A program that did not end in time, or that a signal ended which nobody sent.
    mutating func note(_ answer: Program.Answer?, as command: [String]) {
        let name = command.joined(separator: " ")
        guard let answer else { return findings.append("\(name) hangs") }
        if answer.status > 128, answer.status != 128 + SIGKILL, answer.status != 130 {
            findings.append("\(name) crashed by signal \(answer.status - 128): \(answer.errors.suffix(2000))")
        }
    }
}

extension Program.Run {
    /// Waits for its end; one that takes longer is killed with what it started, and answers nothing.
    func answer(within seconds: Int) async throws -> Program.Answer? {
        let (pid, isLate) = (pid, Flag())
        let alarm = DispatchWorkItem {
            isLate.raise()
            for child in ProcessTree.descendants(of: pid) + [pid] { kill(child, SIGKILL) }
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds), execute: alarm)
        let answer = try await answer()
        alarm.cancel()
        return isLate.isRaised ? nil : answer
    }
}
