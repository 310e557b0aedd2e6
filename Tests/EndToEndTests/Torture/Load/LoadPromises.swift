/// What a spool under load had promised at a moment.
struct LoadPromises: Sendable {
    /// Accepted, canceled and done jobs.
    var audit = SpoolAudit.Promises()
    /// Jobs that had failed.
    var failed: Set<String> = []
    /// Jobs whose delete was answered: they are nowhere.
    var deleted: Set<String> = []
    /// Jobs that were being deleted: anything may be left of them.
    var vague: Set<String> = []

    /// One sentence for each promise that a spool at rest does not keep.
    ///
    /// - Parameters:
    ///   - mayHaveLeftovers: half-made files younger than an hour may lie in `tmp/`, because their writer died.
    ///   - isCopy: it was copied while it lived.
    func broken(in desk: Desk, mayHaveLeftovers: Bool = true, isCopy: Bool = false) -> [String] {
        let audit = SpoolAudit(root: "\(desk.folder)/spool")
        var findings = audit.findings(self.audit, isAtRest: true) + audit.remains()
        if mayHaveLeftovers { findings.removeAll { $0.hasPrefix("tmp/") } }
        if isCopy {
            // A job that was run again during the copy has thrown away the record of the life before, which is the one
            // that the copy holds, with all that it made.
            findings.removeAll { finding in
                (finding.hasSuffix(" is done without a record") || finding.contains(" is done, but "))
                    && !self.audit.done.contains { finding.hasPrefix("\($0) ") }
            }
        }
        for id in deleted.sorted() where !audit.places(of: id).isEmpty {
            findings.append("\(id) was deleted and lies in \(audit.places(of: id))")
        }
        for id in failed.sorted() where audit.places(of: id) != ["failed"] {
            findings.append("\(id) had failed and lies in \(audit.places(of: id))")
        }
        findings += audit.filmsOfOthers().map { "films/\($0) leads to a job that is not done" }
        findings.removeAll { finding in vague.contains { finding.hasPrefix("\($0) ") } }
        return findings.isEmpty ? [] : findings + TortureRun.keep(desk)
    }
}
