import ArgumentParser
import JobCore
import Spool

/// `kinospool logs`
struct Logs: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Print or follow a job's log.",
        usage: "kinospool logs ID [-f]",
        discussion: JobOptions.explanation)

    @Argument(help: ArgumentHelp("The job.", valueName: "id"), completion: .custom(JobOptions.completion))
    var id: String

    @Flag(name: [.customShort("f"), .customLong("follow")], help: "Go on until the job ends.")
    var follow = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let session = try global.session()
        let folder = try await session.spool()
        let id = try await JobSelector(folder: folder).job(id)
        var shown = 0
        while true {
            let before = shown
            // The state first: what is written until a job ends is in the log that is read after.
            let (state, text) = try await BlockingWork.run { (try folder.state(of: id), try folder.logText(id)) }
            shown = print(text, from: shown, id, session.console, isLast: !follow || state?.isFinal != false)
            guard follow, state?.isFinal == false else {
                if shown == 0, before == 0 { session.console.note("Job \(id) has no log yet.") }
                return .done
            }
            try await Task.sleep(for: JobWatch.interval)
        }
    }

    /// - Returns: how many bytes were printed so far; a line that is still being written waits.
    private func print(_ text: String, from start: Int, _ id: JobID, _ console: Console, isLast: Bool) -> Int {
        let bytes = Array(text.utf8)
        let end = isLast ? bytes.count : (bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0)
        guard end > start else { return start }
        for line in bytes[start..<end].split(separator: 0x0A) {
            let text = String(decoding: line, as: UTF8.self)
            console.isJSON ? console.data(object(text, id)) : console.data(TerminalText.plain(text))
        }
        return end
    }

    /// A line begins with its time.
    private func object(_ line: String, _ id: JobID) -> JSONValue {
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let time = Timestamp(String(parts[0])) else {
            return ["v": 1, "job_id": .string(id.text), "at": .null, "message": .string(line)]
        }
        return ["v": 1, "job_id": .string(id.text), "at": .string(time.text), "message": .string(String(parts[1]))]
    }
}
