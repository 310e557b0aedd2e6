import Foundation

/// `Documentation/cli.md`, held against the recorded help texts, which another test holds against the program.
enum CommandsPage {
    static let path = "Documentation/cli.md"

    /// A command as its help text describes it.
    struct Command: Sendable {
        let name: String
        /// The options that it alone has, such as `--once`.
        let options: Set<String>
    }

    /// Every command but the one that explains exit codes.
    static let commands: [Command] = {
        let folder = "Tests/EndToEndTests/Golden/help/"
        return SourceTree.files.filter { $0.path.hasPrefix(folder) }.compactMap { file in
            let name = file.path.dropFirst(folder.count).dropLast(".txt".count)
            guard name != "kinospool", name != "exit-codes" else { return nil }
            let own = file.text.components(separatedBy: "\nOPTIONS:\n").last ?? ""
            return Command(name: String(name), options: Self.options(in: own).subtracting(["--version", "--help"]))
        }
    }()

    /// What every command takes.
    static let globalOptions: Set<String> = ["--spool", "--env-file", "--json", "--quiet", "--no-color"]

    /// Commands without a section, options that their section does not name, and examples of what is not there.
    static func offences(in page: String, commands: [Command] = commands) -> [String] {
        commands.flatMap { command -> [String] in
            guard let section = section(command.name, of: page) else { return ["\(command.name) has no section"] }
            return command.options.filter { !section.contains($0) }.sorted().map { "\(command.name) has \($0)" }
        } + examples(in: page).flatMap { offences(ofExample: $0, commands) }
    }

    /// The lines of code blocks that call the program, one for each call.
    static func examples(in page: String) -> [String] {
        let blocks = page.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        return blocks.flatMap { $0.split(separator: "\n") }.flatMap { $0.split(separator: "|") }
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0.hasPrefix("kinospool ") }
    }

    private static func offences(ofExample line: String, _ commands: [Command]) -> [String] {
        let name = line.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        guard let command = commands.first(where: { $0.name == name }) else { return ["no command: \(line)"] }
        let unknown = options(in: line).subtracting(command.options).subtracting(globalOptions)
        return unknown.sorted().map { "no \($0): \(line)" }
    }

    private static func options(in text: String) -> Set<String> {
        Set(text.matches(of: /(?:^|[\s,])(--[a-z][a-z-]+)/).map { String($0.output.1) })
    }

    private static func section(_ name: String, of page: String) -> String? {
        guard let start = page.range(of: "\n### \(name)\n") else { return nil }
        return page[start.upperBound...].components(separatedBy: "\n##").first
    }
}
