import JobCore
import Testing

@Suite struct HelpTests {
    @Test func help_ofEveryCommand_isAsRecorded() async throws {
        try await Desk.use(isEmpty: true) { desk in
            let bare = try await desk.run()
            #expect(bare.status == 0)
            try Golden.expect(bare.output, equals: "help/kinospool")
            for command in try await commands(desk) {
                let answer = try await desk.run(command.name, "--help")
                #expect(answer.status == 0)
                #expect(answer.errors.isEmpty)
                #expect(answer.lines.allSatisfy { $0.count <= 80 }, "\(command.name) has a line over 80 columns")
                try Golden.expect(answer.output, equals: "help/\(command.name)")
            }
        }
    }

    @Test func everyCommand_takesTheGlobalOptions() async throws {
        try await Desk.use(isEmpty: true) { desk in
            let commands = try await commands(desk)
            let names = Set(commands.map(\.name))
            #expect(
                names.isSuperset(of: [
                    "init", "serve", "work", "render", "submit", "ls", "show", "wait", "logs", "cancel", "retry", "rm",
                    "pause", "resume", "reindex", "config", "completions", "bench",
                ]))
            for command in commands {
                #expect(command.options.isSuperset(of: ["C", "spool", "env-file", "json", "quiet", "no-color"]))
            }
        }
    }

    @Test func helpExitCodes_namesEveryCode() async throws {
        try await Desk.use(isEmpty: true) { desk in
            let table = try await desk.run("exit-codes")
            let help = try await desk.run("help", "exit-codes")
            #expect(help.output.contains(table.output))
            let codes = table.lines.compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
            #expect(codes == [0, 1, 2, 3, 4, 5, 6, 7, 8, 64, 75, 77, 78, 130])
        }
    }

    @Test func version_isOneLine() async throws {
        try await Desk.use(isEmpty: true) { desk in
            let answer = try await desk.run("--version")
            #expect(answer.output == "0.1.0\n")
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completions_installed_areThePrintedOnes(_ shell: String) async throws {
        try await Desk.use(isEmpty: true) { desk in
            let printed = try await desk.run("completions", shell)
            #expect(printed.output.contains("kinospool"))
            let installed = try await desk.run("completions", shell, "--install")
            let path = try #require(installed.lines.first)
            #expect(path.hasPrefix(desk.folder))
            let written = try #require(desk.read(path))
            #expect(written + "\n" == printed.output)
        }
    }

    private struct Command {
        let name: String
        let options: Set<String>
    }

    /// The library's own description of all commands.
    private func commands(_ desk: Desk) async throws -> [Command] {
        let dump = try Desk.object(try await desk.run("--experimental-dump-help").output)
        let subcommands = try #require(dump["command"]?.object?["subcommands"]?.array)
        return try subcommands.compactMap { value in
            let fields = try #require(value.object)
            let name = try #require(fields["commandName"]?.string)
            let arguments = fields["arguments"]?.array ?? []
            let options = arguments.flatMap { argument in
                (argument.object?["names"]?.array ?? []).compactMap { $0.object?["name"]?.string }
            }
            return name == "help" ? nil : Command(name: name, options: Set(options))
        }
    }
}
