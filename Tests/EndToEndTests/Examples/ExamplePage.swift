import Foundation

/// A page of the documentation, and the shell lines that it tells people to type.
struct ExamplePage: Sendable, CustomStringConvertible {
    /// Path from the repository's root.
    let path: String
    /// In the order of the page; the lines of one block belong together.
    let blocks: [[String]]

    var description: String { path }

    /// What this suite is a part of, what builds, and what installs into the machine that the tests run on: those are
    /// run by the check itself, by `Scripts/quickstart`, and with `--destdir` by `InstallTests`.
    static let elsewhere = [
        "swift build", "sudo Scripts/install", "systemctl ", "Scripts/quickstart", "Scripts/test",
    ]

    /// Every page that has such lines.
    static let all: [ExamplePage] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.appending(path: "Documentation").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let pages = names.filter { $0.hasSuffix(".md") }.sorted()
        return (["README.md"] + pages.map { "Documentation/\($0)" }).compactMap { path in
            let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8)
            let page = ExamplePage(path: path, blocks: blocks(in: text ?? ""))
            return page.blocks.isEmpty ? nil : page
        }
    }()

    /// The blocks that are marked as shell: comments are left out, and lines that go on after a backslash are one.
    static func blocks(in text: String) -> [[String]] {
        var blocks: [[String]] = []
        var block: [String]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let finished = block { blocks.append(finished) }
                block = line == "```sh" ? [] : nil
            } else if var lines = block {
                let words = line.replacing(/(^|\s+)#\s.*$/, with: "")
                    .replacing(".build/release/kinospool", with: "kinospool").trimmingCharacters(in: .whitespaces)
                if let last = lines.last, last.hasSuffix("\\") {
                    lines[lines.count - 1] = last.dropLast() + words
                } else if !words.isEmpty {
                    lines.append(words)
                }
                block = lines
            }
        }
        return blocks.map { $0.filter { line in !elsewhere.contains { line.hasPrefix($0) } } }.filter { !$0.isEmpty }
    }
}
