import ArgumentParser
import JobCore
import Spool

/// `kinospool bench`
struct Bench: SpoolCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure this machine: ours beside the limit of the disk.",
        usage: "kinospool bench [FOLDER] [--only NAME…] [--rounds N]",
        discussion: """
            Works in a fresh folder that it removes again, never in your spool.
            Beside each figure stands what bare system calls need for the same work,
            measured in the same run. Quote the ratios: they hold on other machines.
            Groups: \(BenchRun.names.joined(separator: ", ")).
            """)

    @Argument(
        help: ArgumentHelp("Measure on the disk of this folder (default: the spool's).", valueName: "folder"))
    var folder: String?

    @Option(help: ArgumentHelp("Only this group of figures; may be repeated.", valueName: "name"))
    var only: [String] = []

    @Option(help: ArgumentHelp("Take the median of so many rounds.", valueName: "n"))
    var rounds = 3

    @Flag(help: "Tiny amounts: shows whether it runs, tells nothing about speed.")
    var quick = false

    @Flag(help: "Also with a million finished jobs.")
    var full = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        if !(1...99).contains(rounds) { throw ValidationError("--rounds must be 1 to 99.") }
        if quick, full { throw ValidationError("Choose --quick or --full.") }
        for name in only where !BenchRun.names.contains(name) {
            let guess = NearestName.of(name, among: BenchRun.names).map { " Did you mean '\($0)'?" } ?? ""
            throw ValidationError("--only must be one of \(BenchRun.names.joined(separator: ", ")).\(guess)")
        }
    }

    func perform() async throws -> Exit {
        let session = try global.session()
        let ground = try BenchGround(below: folder.map { LocalPath.absolute($0) } ?? LocalPath.folder(session.root))
        defer { ground.clear() }
        let interrupts = Interrupts.stream()
        let listening = Task { for await _ in interrupts { ground.interrupt() } }
        defer { listening.cancel() }
        let run = BenchRun(
            scale: quick ? .quick : full ? .full : .usual, only: Set(only), rounds: rounds, console: session.console)
        let report = try await BlockingWork.run { try run.report(on: ground) }
        if session.console.isJSON {
            session.console.data(report.json)
        } else {
            for line in report.table { session.console.data(line) }
        }
        return .done
    }
}
