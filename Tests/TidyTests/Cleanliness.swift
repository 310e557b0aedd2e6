import Foundation

/// What has no place in any file of the project, code or text.
enum Cleanliness {
    /// Absolute paths of the machine on which somebody happened to work.
    ///
    /// Paths inside the spool (`../work/7f/…`, `spool/work/`) are relative and fine, and so is the home
    /// of an imagined person.
    static func machinePaths(in file: SourceTree.File) -> [String] {
        let pattern = /(?:^|[\s"'`(=:])\/(?:work|root|home(?!\/(?:me|you)\/))\/[A-Za-z0-9._]/
        return file.lines.enumerated().compactMap { index, line in
            line.contains(pattern) ? "\(file.path):\(index + 1): a path of one machine" : nil
        }
    }

    /// Links in a Markdown file that lead to no file.
    static func brokenLinks(in file: SourceTree.File, exists: (String) -> Bool = SourceTree.exists) -> [String] {
        let folder = file.path.split(separator: "/").dropLast().map(String.init)
        return file.text.matches(of: /\]\(([^)\s]+)\)/).compactMap { match in
            let link = String(match.output.1)
            guard !link.contains("://"), !link.hasPrefix("#"), !link.hasPrefix("mailto:") else { return nil }
            var parts = folder
            for part in link.prefix(while: { $0 != "#" }).split(separator: "/") {
                if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(String(part)) }
            }
            return exists(parts.joined(separator: "/")) ? nil : "\(file.path): \(link) leads nowhere"
        }
    }

    /// Scripts that would go on after an error, or cannot be started by their name.
    static func carelessScript(_ file: SourceTree.File, isExecutable: Bool) -> [String] {
        var offences = isExecutable ? [] : ["\(file.path) is not executable"]
        if !file.text.hasPrefix("#!/usr/bin/env bash\n# ") { offences.append("\(file.path) does not say what it is") }
        if !file.text.contains("\nset -euo pipefail\n") { offences.append("\(file.path) goes on after errors") }
        return offences
    }

    /// Trailing blanks and a missing line break at the end. What tests read as it stands is free.
    static func untidyEnds(in file: SourceTree.File) -> [String] {
        guard !file.path.contains("/Fixtures/"), !file.path.contains("/Snapshots/") else { return [] }
        var offences = file.text.isEmpty || file.text.hasSuffix("\n") ? [] : ["\(file.path): no line break at the end"]
        for (index, line) in file.lines.enumerated() where line.hasSuffix(" ") || line.hasSuffix("\t") {
            offences.append("\(file.path):\(index + 1): blanks at the end of the line")
        }
        return offences
    }
}
