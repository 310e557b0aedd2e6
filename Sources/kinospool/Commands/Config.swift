import ArgumentParser
import JobCore

/// `kinospool config`
struct Config: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show settings, and where each comes from.",
        usage: "kinospool config [token [--new | --link]]",
        discussion: """
            A flag wins over the environment, the environment over .env, .env over the default.
            Secrets print as \(Redaction.mask). In a pipe: key, value, source, with tabs.
            With "token": the path of the file with the API's token.
            """)

    /// What is shown instead of the settings.
    enum Topic: String, ExpressibleByArgument, CaseIterable { case token }

    @Argument(help: ArgumentHelp("token: the file with the API's token.", valueName: "topic"))
    var topic: Topic?

    @Flag(help: "With token: write a new one; the old one ends.")
    var new = false

    @Flag(help: "With token: a link that lets a browser in, once.")
    var link = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard topic == .token || !new && !link, !(new && link) else {
            throw ValidationError("--new and --link, one of them, belong to: kinospool config token.")
        }
    }

    func perform() async throws -> Exit {
        let session = try global.session()
        if topic == .token { return try TokenReport(session: session).exit(isNew: new, isLink: link) }
        let rows = session.settings.rows
        let console = session.console
        if console.isJSON {
            for row in rows {
                console.data([
                    "v": 1, "key": .string(row.key.rawValue), "value": row.shown.map { .string($0) } ?? .null,
                    "source": .string(row.source.rawValue), "meaning": .string(row.key.meaning),
                ])
            }
            return .done
        }
        guard console.output.isTerminal else {
            for row in rows {
                let fields = [row.key.rawValue, row.shown ?? "", row.source.rawValue]
                console.data(fields.map(TerminalText.plain).joined(separator: "\t"))
            }
            return .done
        }
        for line in table(rows, console.output) { console.data(line) }
        return .done
    }

    private func table(_ rows: [Settings.Row], _ terminal: Terminal) -> [String] {
        let keys = rows.map(\.key.rawValue.count).max() ?? 0
        let values = min(40, rows.map { TerminalText.width($0.shown ?? "") }.max() ?? 0)
        return rows.map { row in
            let value = TerminalText.padded(TerminalText.plain(row.shown ?? "—"), to: values)
            let source = row.source == .envFile ? ".env" : row.source.rawValue
            let key = TerminalText.padded(row.key.rawValue, to: keys)
            return "\(key)  \(value)  \(terminal.colored(source, row.source == .default ? .dim : .bold))"
        }
    }
}
