import JobCore

/// A migration's plan and its outcome in sentences.
enum MigrationText {
    static func lines(_ plan: MigrationPlan, isExecuted: Bool) -> [String] {
        guard plan.newCount > 0 || plan.failed > 0 else {
            return ["nothing to do: \(CountText.text(plan.present, "job")) in the spool already"]
        }
        var lines = ["\(isExecuted ? "brought" : "would bring") \(CountText.text(plan.newCount, "job"))"]
        for state in JobState.allCases {
            if let number = plan.jobs[state] { lines.append("  \(state.rawValue): \(number)") }
        }
        if plan.attached > 0 { lines.append("\(CountText.text(plan.attached, "run")) at RunPod to be gone on with") }
        if plan.files > 0 {
            let missing = plan.missingFiles > 0 ? ", \(plan.missingFiles) of them not there" : ""
            lines.append("\(CountText.text(plan.files, "file")) to copy\(missing)")
        }
        if plan.urls > 0 { lines.append("\(CountText.text(plan.urls, "URL")) kept as they are") }
        if plan.present > 0 { lines.append("\(CountText.text(plan.present, "job")) in the spool already") }
        if plan.failed > 0 { lines.append("\(CountText.text(plan.failed, "job")) not brought") }
        return lines
    }
}
