import ArgumentParser
import Foundation
import JobCore

/// `kinospool completions`
struct Completions: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print or install shell completions.",
        usage: "kinospool completions bash|zsh|fish [--install]",
        discussion: "kinospool completions fish > ~/.config/fish/completions/kinospool.fish")

    /// The shells there are completions for.
    enum Shell: String, CaseIterable, ExpressibleByArgument, Sendable { case bash, zsh, fish }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    @Flag(help: "Write them where the shell looks for them.")
    var install = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let script = Kinospool.completionScript(for: library)
        let console = global.console
        guard install else {
            global.json
                ? console.data(["v": 1, "shell": .string(shell.rawValue), "script": .string(script)])
                : console.data(script)
            return .done
        }
        let path = place(ProcessInfo.processInfo.environment)
        do {
            try FileManager.default.createDirectory(
                atPath: LocalPath.folder(path), withIntermediateDirectories: true)
            try Data(script.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw CommandError(
                .failed, FailureCode.internalError.rawValue, "\(path) cannot be written: \(error.localizedDescription)",
                hint: "Print them instead: kinospool completions \(shell.rawValue).")
        }
        global.json
            ? console.data(["v": 1, "shell": .string(shell.rawValue), "path": .string(path)])
            : console.data(path)
        if shell == .zsh { console.note("zsh finds it when \(LocalPath.folder(path)) is in its fpath.") }
        return .done
    }

    private var library: CompletionShell {
        switch shell {
        case .bash: .bash
        case .zsh: .zsh
        case .fish: .fish
        }
    }

    /// Where each shell looks by itself, for one user. Source: bash-completion's README, fish's manual.
    private func place(_ environment: [String: String]) -> String {
        let home = environment["HOME"] ?? NSHomeDirectory()
        let data = environment["XDG_DATA_HOME"] ?? "\(home)/.local/share"
        let config = environment["XDG_CONFIG_HOME"] ?? "\(home)/.config"
        return switch shell {
        case .bash: "\(data)/bash-completion/completions/kinospool"
        case .zsh: "\(data)/zsh/site-functions/_kinospool"
        case .fish: "\(config)/fish/completions/kinospool.fish"
        }
    }
}
