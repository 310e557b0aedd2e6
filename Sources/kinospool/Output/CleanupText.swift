import JobCore

/// A cleanup's plan and its outcome in sentences.
enum CleanupText {
    /// So many leftovers are told one by one.
    static let toldLimit = 20

    /// What would go, by state, then leftovers, then what stays although it is old.
    static func plan(_ plan: CleanupPlan) -> [String] {
        var lines: [String] = []
        if let rule = plan.rule {
            let day = rule.cutoff.text.prefix(10)
            lines.append("\(CountText.text(plan.jobs.count, "job")) ended before \(day): \(size(plan.size))")
            for state in JobState.allCases {
                guard let share = plan.shares[state] else { continue }
                lines.append("  \(state.rawValue): \(CountText.text(share.jobs, "job")), \(size(share.size))")
            }
            if plan.kept > 0 { lines.append("\(CountText.text(plan.kept, "job")) kept: starred, or tagged keep") }
            if plan.needed > 0 {
                lines.append("\(CountText.text(plan.needed, "job")) kept: a job that waits or runs needs them")
            }
        }
        let all = plan.leftovers.reduce(into: TreeSize()) { $0 += $1.size }
        lines.append("\(CountText.text(plan.leftovers.count, "leftover")): \(size(all))")
        for leftover in plan.leftovers.prefix(toldLimit) {
            lines.append("  \(leftover.path): \(leftover.sentence)")
        }
        let rest = plan.leftovers.count - toldLimit
        if rest > 0 { lines.append("  and \(rest) more (all of the first \(CleanupPlan.toldLimit): --json)") }
        return lines
    }

    static func report(_ report: CleanupReport) -> String {
        let artifacts = CountText.text(report.artifacts, "artifact")
        var text = "deleted \(CountText.text(report.deletedJobs, "job")) with \(artifacts), "
        text += CountText.text(report.deletedLeftovers, "leftover")
        if report.skipped > 0 { text += "; \(report.skipped) left alone: gone, held, or wanted since" }
        return text
    }

    private static func size(_ size: TreeSize) -> String {
        "\(CountText.text(size.files, "file")), \(ByteText.text(size.bytes))"
    }
}
