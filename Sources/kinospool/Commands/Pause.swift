import ArgumentParser
import JobCore
import Spool

/// `kinospool pause`
struct Pause: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Start no new jobs; running ones go on.",
        usage: "kinospool pause")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let session = try global.session()
        let folder = try await session.spool()
        try await BlockingWork.run { try folder.pause(reason: "kinospool pause") }
        if global.json {
            session.console.data(["v": 1, "paused": true])
        } else {
            session.console.data("paused")
            session.console.note("Running jobs go on. Start new ones again: kinospool resume")
        }
        return .done
    }
}
