import ArgumentParser
import Glibc
import JobCore

/// The command `kinospool`: its parts are in `Commands/`, one file each.
@main
struct Kinospool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kinospool",
        abstract: "Make videos from job files. One folder, no database server.",
        usage: "kinospool <command> [options]",
        discussion: """
            Try it:
              kinospool init                               make the spool, once
              kinospool serve                              run the queue
              kinospool render "a lighthouse in a storm"   wait, get a file
              kinospool render -i cat.png "it yawns" -n 4  four takes from one picture
              kinospool stitch a.mp4 b.mp4 -o film.mp4     join clips into a film
              kinospool submit shots/*.json                queue, do not wait

            Commands work on the spool folder, also while the daemon is stopped.
            Help on one command: kinospool help <command>. Codes: kinospool help exit-codes.
            """,
        version: KinospoolVersion.text,
        subcommands: [ExitCodes.self],
        groupedSubcommands: [
            CommandGroup(name: "Start", subcommands: [Init.self, Serve.self, Work.self]),
            CommandGroup(name: "Make", subcommands: [Render.self, Stitch.self, Submit.self]),
            CommandGroup(name: "Watch", subcommands: [List.self, Show.self, Logs.self, Wait.self]),
            CommandGroup(
                name: "Change",
                subcommands: [
                    Cancel.self, Retry.self, Edit.self, Pause.self, Resume.self, Remove.self,
                ]),
            CommandGroup(
                name: "Upkeep",
                subcommands: [
                    Cleanup.self, Orphans.self, Doctor.self, Backup.self, Restore.self, Migrate.self, Reindex.self,
                    Config.self, Completions.self, Bench.self,
                ]),
        ])

    static func main() async {
        do {
            var command = try parsed(LeadingOptions.movedBehindCommand(Array(CommandLine.arguments.dropFirst())))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            leave(error)
        }
    }

    /// What scripts call again and again: parsed without a look at all other commands.
    private static let frequent: [String: any ParsableCommand.Type] = ["submit": Submit.self, "ls": List.self]

    private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
        if let name = arguments.first, let type = frequent[name],
            let command = try? type.parseAsRoot(Array(arguments.dropFirst())), Swift.type(of: command) == type
        {
            return command
        }
        // Whatever is wrong, and every help, is told with the whole tree in view.
        return try parseAsRoot(arguments)
    }

    /// Wrong usage is told like every other error; help and versions stay the library's.
    private static func leave(_ error: any Error) -> Never {
        guard exitCode(for: error).rawValue == Exit.usage.rawValue, !(error is ExitCode) else { exit(withError: error) }
        let arguments = CommandLine.arguments.prefix { $0 != "--" }
        if arguments.contains("--json") {
            let problem = CommandError.usage(message(for: error), hint: "See kinospool help.")
            Console(isJSON: true, isQuiet: false, isPlain: true).report(problem)
        } else {
            let text = fullMessage(for: error)
            let told = text.hasPrefix("Error: ") ? "kinospool: " + text.dropFirst("Error: ".count) : text
            let hint = misspelled(arguments.dropFirst().first).map { "\nhint: did you mean '\($0)'?" } ?? ""
            Console.write(told + hint + "\n", to: STDERR_FILENO)
        }
        Glibc.exit(Exit.usage.rawValue)
    }

    /// The command that a word which is none was most likely meant to be.
    private static func misspelled(_ word: String?) -> String? {
        guard let word, !word.hasPrefix("-") else { return nil }
        let names = configuration.subcommands.flatMap { command in
            [command.configuration.commandName ?? "\(command)".lowercased()] + command.configuration.aliases
        }
        return names.contains(word) ? nil : NearestName.of(word, among: names)
    }
}
