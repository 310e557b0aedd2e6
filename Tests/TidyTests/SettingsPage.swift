import JobCore

/// `Documentation/configuration.md`, held against the settings that exist.
enum SettingsPage {
    static let path = "Documentation/configuration.md"

    /// Settings without a row, with an empty cell, or with another default than the code's.
    static func offences(in page: String) -> [String] {
        let rows = rows(page)
        return SettingKey.allCases.compactMap { key in
            guard let row = rows.first(where: { $0.first == key.rawValue }) else { return "\(key.rawValue) has no row" }
            guard row.count == 3, row.allSatisfy({ !$0.isEmpty }) else { return "\(key.rawValue) has an empty cell" }
            guard let value = key.defaultText, !row[1].hasPrefix("`\(value)`") else { return nil }
            return "\(key.rawValue) has the default \(value)"
        }
    }

    /// The cells of every table row whose first cell is one word in backticks; that cell comes without them.
    static func rows(_ page: String) -> [[String]] {
        page.split(separator: "\n").compactMap { line in
            guard let match = line.firstMatch(of: /^\| `([A-Za-z0-9_]+)` \|(.*)\|$/) else { return nil }
            let cells = match.output.2.split(separator: "|", omittingEmptySubsequences: false)
            return [String(match.output.1)] + cells.map { String($0.trimmingPrefix(while: \.isWhitespace)) }
        }
    }
}
