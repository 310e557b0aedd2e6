/// Global options may stand before the command too, as people know it from git: `kinospool -C DIR ls`.
///
/// The parser knows them on each command only, so they are moved behind its name before it sees them.
enum LeadingOptions {
    private static let withValue: Set<String> = ["-C", "--spool", "--env-file"]
    private static let flags: Set<String> = ["--json", "--quiet", "--no-color"]

    /// The arguments with leading global options behind the command's name; unchanged where there is no command.
    static func movedBehindCommand(_ arguments: [String]) -> [String] {
        var position = 0
        while position < arguments.count, let width = width(of: arguments[position]) { position += width }
        guard position > 0, position < arguments.count, !arguments[position].hasPrefix("-") else { return arguments }
        return [arguments[position]] + arguments[..<position] + arguments[(position + 1)...]
    }

    /// How many arguments the option takes up; nil for anything else.
    private static func width(of argument: String) -> Int? {
        if withValue.contains(argument) { return 2 }
        let isJoined = withValue.contains { $0.hasPrefix("--") && argument.hasPrefix("\($0)=") }
        return flags.contains(argument) || isJoined ? 1 : nil
    }
}
