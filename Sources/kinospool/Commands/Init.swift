import ArgumentParser
import JobCore
import Spool

/// `kinospool init`
struct Init: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make the spool folder, once.",
        usage: "kinospool init [-C DIR]",
        discussion: "Again: makes what is missing, changes nothing else.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let session = try global.session()
        let (folder, isNew) = try await BlockingWork.run { try session.makeSpool() }
        if global.json {
            session.console.data(["v": 1, "spool": .string(folder.root), "created": .bool(isNew)])
            return .done
        }
        session.console.data(isNew ? "Spool \(folder.root) made." : "Spool \(folder.root) is there already.")
        session.console.note("Next: kinospool serve, and in another terminal:")
        session.console.note("      kinospool render \"a lighthouse in a storm\"")
        return .done
    }
}
