import Foundation
import JobCore
import TestSupport

/// People at work on one spool, by the real program, until they are told to stop: submits, cancels, retries, deletes.
struct SpoolLoad: Sendable {
    /// The spool lies in its `spool/`, the job files beside it.
    let desk: Desk
    /// For each command.
    let environment: [String: String]
    /// How many jobs each of the two keeps at most.
    var most = 70
    /// The sizes of outputs, in bytes.
    var outputs = 0...600
    let history = LoadHistory()
    private let isOver = Flag()

    init(_ desk: Desk, environment: [String: String] = [:]) {
        (self.desk, self.environment) = (desk, environment)
    }

    /// Lets two of them work, each on jobs of their own, while the body runs.
    func during<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for name in ["a", "b"] { group.addTask { try await work(name) } }
            defer { isOver.raise() }
            let result = try await body()
            isOver.raise()
            try await group.waitForAll()
            return result
        }
    }

    /// What lies in a folder now.
    func ids(in state: JobState) -> Set<String> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(desk.folder)/spool/\(state.rawValue)"))
        return Set((names ?? []).filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) })
    }

    private func work(_ name: String) async throws {
        var random = SeededRandom(TortureBudget.seed &+ UInt64(name.utf8.first ?? 0))
        var (own, count): ([String], Int) = ([], 0)
        while !isOver.isRaised {
            let roll = Int.random(in: 0..<10, using: &random)
            if own.isEmpty || (roll < 4 && own.count < most) {
                let ids = (count..<count + 8).map { "\(name)\($0)" }
                count += 8
                own += ids
                try await submit(ids, &random)
            } else if roll < 6 {
                // The youngest may still run.
                try await change("cancel", pick(own.suffix(12), &random))
            } else if roll < 8 {
                try await change("retry", pick(own[...], &random))
            } else if own.count > most / 2 {
                let ids = pick(own[...], &random)
                own.removeAll(where: ids.contains)
                try await change("rm", ids)
            }
        }
    }

    private func pick(_ ids: ArraySlice<String>, _ random: inout SeededRandom) -> [String] {
        Array(ids.shuffled(using: &random).prefix(4))
    }

    private func submit(_ ids: [String], _ random: inout SeededRandom) async throws {
        for id in ids {
            let seconds =
                Int.random(in: 0..<5, using: &random) == 0
                ? Double.random(in: 1...3, using: &random)
                : Double.random(in: 0...0.3, using: &random)
            let fail = Int.random(in: 0..<10, using: &random) == 0 ? #","fail":"invalid_video""# : ""
            let bytes = Int.random(in: outputs, using: &random)
            try desk.write(
                "jobs/\(id).json",
                #"{"type":"NOOP","job_id":"\#(id)","params":{"seconds":\#(seconds),"output_bytes":\#(bytes)\#(fail)}}"#)
        }
        try await run("submit", ids, ids.map { "jobs/\($0).json" })
        for id in ids { try FileManager.default.removeItem(atPath: "\(desk.folder)/jobs/\(id).json") }
    }

    private func change(_ word: String, _ ids: [String]) async throws { try await run(word, ids, ids) }

    private func run(_ word: String, _ ids: [String], _ arguments: [String]) async throws {
        history.begin(word, ids)
        let force = word == "rm" ? ["--force"] : []
        let run = try desk.start([word] + force + arguments, environment: environment)
        // What ends it before it answers has promised nothing.
        let answer = try await run.answer(within: KillTrial.patience)
        let lines = answer?.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast() ?? []
        history.end(word, ids, done: Set(lines.compactMap { $0.split(separator: " ").first.map(String.init) }))
    }
}
