import JobCore

/// What the doctor found, a line each.
enum FindingText {
    /// `FAIL  disk         4100 MB free, … Fix: kinospool cleanup --days 30`
    static func line(_ finding: Finding) -> String {
        let word =
            switch finding.level {
            case .ok: "ok"
            case .warning: "warn"
            case .problem: "FAIL"
            }
        let name = finding.check.rawValue
        var line = word + spaces(6 - word.count) + name + spaces(13 - name.count) + finding.message
        if let fix = finding.fix { line += ". Fix: \(fix)" }
        return TerminalText.plain(line)
    }

    static func total(problems: Int, warnings: Int) -> String {
        "\(problems) problem\(problems == 1 ? "" : "s"), \(warnings) warning\(warnings == 1 ? "" : "s")"
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(count, 1)) }
}
