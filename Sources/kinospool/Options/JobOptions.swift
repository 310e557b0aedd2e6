import ArgumentParser
import Foundation
import JobCore

/// How jobs are named, for every command that takes ids.
struct JobOptions: ParsableArguments {
    /// For the help of these commands.
    static let explanation = """
        An id may be shortened to any beginning that fits one job, or to its last letters.
        @last is the newest job; @running, @failed and @queued are the jobs of a state;
        - reads ids from stdin.
        """

    @Argument(help: ArgumentHelp("The jobs.", valueName: "id"), completion: .custom(completion))
    var ids: [String]

    func validate() throws {
        if ids.isEmpty { throw ValidationError("Name at least one job, or - for ids on stdin.") }
    }

    /// The ids in the spool that begin as typed, for the shell.
    @Sendable static func completion(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
        let environment = ProcessInfo.processInfo.environment
        let flag = zip(words, words.dropFirst()).reversed().first { $0.0 == "-C" || $0.0 == "--spool" }?.1
        let root = LocalPath.absolute(flag ?? environment[SettingKey.spool.rawValue] ?? "./spool")
        let ids = JobState.allCases.flatMap { state in
            (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(state.rawValue)")) ?? []
        }
        .compactMap { SpoolLayout.id(ofToken: $0)?.text }
        let states = ["@last", "@running", "@failed", "@queued"]
        return Array((ids.sorted(by: >) + states).filter { $0.hasPrefix(prefix) }.prefix(200))
    }
}
