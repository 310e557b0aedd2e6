import ArgumentParser
import JobCore

/// `kinospool help exit-codes`
struct ExitCodes: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "exit-codes",
        abstract: "What the exit codes mean.",
        usage: "kinospool exit-codes",
        discussion: "\(Exit.table)\n\nMore may come: treat one you do not know as a failure.",
        shouldDisplay: false)

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        guard global.json else {
            global.console.data(Exit.table)
            return .done
        }
        for exit in Exit.allCases {
            global.console.data([
                "v": 1, "exit": .integer(Int64(exit.rawValue)), "meaning": .string(exit.sentence),
            ])
        }
        return .done
    }
}
