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
        var line = TerminalText.padded(word, to: 6) + TerminalText.padded(finding.check.rawValue, to: 13)
        line += finding.message
        if let fix = finding.fix { line += ". Fix: \(fix)" }
        return TerminalText.plain(line)
    }

    static func total(problems: Int, warnings: Int) -> String {
        "\(CountText.text(problems, "problem")), \(CountText.text(warnings, "warning"))"
    }
}
