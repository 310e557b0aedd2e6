import ArgumentParser
import JobCore
import Spool

/// `kinospool reindex`
struct Reindex: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "reindex",
        abstract: "Build the index anew from the job files.",
        usage: "kinospool reindex",
        discussion: "Nothing depends on the index; lists are faster with it.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let session = try global.session()
        let count = try await JobCatalog(folder: session.spool()).rebuild()
        session.console.isJSON
            ? session.console.data(["v": 1, "jobs": .integer(Int64(count))])
            : session.console.data("\(count) jobs indexed")
        return .done
    }
}
