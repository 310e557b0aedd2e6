import Foundation

/// The processors that this process may use.
enum Processors {
    private static let numbers: [Int] = {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") } ?? ""
        let ranges = line.split(separator: "\t").last.map { $0.split(separator: ",") } ?? []
        let all = ranges.flatMap { range in
            let ends = range.split(separator: "-").compactMap { Int($0) }
            return ends.isEmpty ? [] : Array(ends[0]...(ends.last ?? ends[0]))
        }
        return all.isEmpty ? [0] : all
    }()

    /// The words before a program's path that keep it on one processor.
    static func pin(_ lane: Int) -> [String] { ["taskset", "-c", "\(numbers[lane % numbers.count])"] }
}
