import JobCore

/// A migration's plan and its outcome in sentences.
enum MigrationText {
    static func lines(_ plan: MigrationPlan, isExecuted: Bool) -> [String] {
        guard plan.newCount > 0 || plan.failed > 0 else {
            return ["nothing to do: \(count(plan.present, "job")) in the spool already"]
        }
        var lines = ["\(isExecuted ? "brought" : "would bring") \(count(plan.newCount, "job"))"]
        for state in JobState.allCases {
            if let number = plan.jobs[state] { lines.append("  \(state.rawValue): \(number)") }
        }
        if plan.attached > 0 { lines.append("\(count(plan.attached, "run")) at RunPod to be gone on with") }
        if plan.files > 0 {
            let missing = plan.missingFiles > 0 ? ", \(plan.missingFiles) of them not there" : ""
            lines.append("\(count(plan.files, "file")) to copy\(missing)")
        }
        if plan.urls > 0 { lines.append("\(count(plan.urls, "URL")) kept as they are") }
        if plan.present > 0 { lines.append("\(count(plan.present, "job")) in the spool already") }
        if plan.failed > 0 { lines.append("\(count(plan.failed, "job")) not brought") }
        return lines
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
