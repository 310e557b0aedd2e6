import ArgumentParser
import Foundation
import Glibc
import JobCore

/// All results with what they were measured on, as a table or as one object.
struct BenchReport: Sendable {
    let results: [BenchResult]
    let disk: BenchDisk
    let rounds: Int

    /// One object.
    var json: JSONValue {
        [
            "v": 1, "version": .string(Kinospool.configuration.version), "kernel": .string(Self.kernel),
            "cores": .integer(Int64(ProcessInfo.processInfo.activeProcessorCount)),
            "file_system": .string(disk.type), "journal": disk.hasJournal.map { .bool($0) } ?? .null,
            "rounds": .integer(Int64(rounds)),
            "figures": .array(results.map { $0.json(fileSystem: disk.type) }),
        ]
    }

    /// A header and one line for each figure.
    var table: [String] {
        let header = ["WHAT", "DURABLE", "OURS", "STEPS", "LIMIT", "RATIO", "NO.", "GOAL", "MET"]
        let rows = [header] + results.map(cells)
        let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return (2...5).contains(column) ? space + cell.0 : cell.0 + space
            }
            return cells.joined(separator: "  ").replacing(/\s+$/, with: "")
        }
    }

    private func cells(_ result: BenchResult) -> [String] {
        let figure = result.figure
        let limit = result.limit.map { "\(BenchNumber.text($0)) \(figure.unit)" } ?? ""
        let steps = result.steps.map { "\(BenchNumber.text($0)) \(figure.unit)" } ?? ""
        let met = result.isGoalMet.map { $0 ? "yes" : "no" } ?? ""
        return [
            figure.title, figure.durability?.rawValue ?? "", "\(BenchNumber.text(result.ours)) \(figure.unit)", steps,
            limit, result.ratio.map { "\(BenchNumber.text($0))x" } ?? "", figure.goal.map { "\($0.number)" } ?? "",
            result.goalText ?? "", met,
        ]
    }

    /// `Linux 6.18.0`
    private static var kernel: String {
        let release = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
        return "Linux \((release ?? "").trimmingCharacters(in: .whitespacesAndNewlines))"
    }
}
