/// Tests await signals. The few that must let real time pass are listed, each with its reason.
enum SleepingTests {
    /// Path from the root → why no signal can replace the wait.
    static let allowed: [String: String] = [:]

    /// Waits in a test file that is not listed.
    static func offences(in file: SourceTree.File, allowed: [String: String] = allowed) -> [String] {
        guard allowed[file.path] == nil else { return [] }
        return SwiftText(file.text).codeLines.enumerated().compactMap { index, line in
            line.contains(/\bsle[e]p\(|Task\.sle[e]p|nanosle[e]p/) ? "\(file.path):\(index + 1): sleeps" : nil
        }
    }
}
