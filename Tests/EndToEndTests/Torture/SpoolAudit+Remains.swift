import Foundation
import JobCore

/// What only a spool at rest must not hold.
extension SpoolAudit {
    /// Leftovers in records, and outcomes that the record and the token tell differently.
    func remains() -> [String] {
        var findings: [String] = []
        for state in JobState.allCases {
            let names = folders(of: state.rawValue).flatMap { contents("\(root)/\($0)") }
            for name in names where name.hasSuffix(".json") {
                let id = String(name.dropLast(5))
                let record = contents(record(of: id))
                if record.contains("cancel") { findings.append("\(id) in \(state.rawValue) has a wish to cancel left") }
                if record.contains("verdict.json") { findings.append("\(id) has a verdict left") }
                if state == .canceled {
                    // The record of a cancel is made when its file goes to a day folder, not before.
                    let isFlat = FileManager.default.fileExists(atPath: "\(root)/canceled/\(id).json")
                    let made = record.filter {
                        SpoolLayout.attempt(ofScratch: $0) != nil || (isFlat && $0 == "final.json")
                    }
                    if !made.isEmpty { findings.append("\(id) is canceled and has \(made)") }
                }
                if state == .done, !record.contains("final.json") { findings.append("\(id) is done without a record") }
                if state == .queued { findings.append("\(id) still waits") }
            }
        }
        return findings
    }

    private func contents(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }
    }
}
