import ArgumentParser
import JobCore
import Spool

/// `kinospool resume`
struct Resume: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Start new jobs again.",
        usage: "kinospool resume")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let session = try global.session()
        let folder = try await session.spool()
        try await BlockingWork.run { try folder.resume() }
        session.console.isJSON
            ? session.console.data(["v": 1, "paused": false]) : session.console.data("resumed")
        return .done
    }
}
