import JobCore

/// How a film was made, for people.
struct RecipeText {
    let film: FilmRecipe
    let terminal: Terminal

    /// The lines of `show --from`.
    var lines: [String] {
        var lines = [heading]
        if let note = film.recipe.note { lines.append("  " + TerminalText.plain(note)) }
        lines += parameters
        if let caution = film.caution { lines.append("  Warning: " + TerminalText.plain(caution)) }
        return lines + ["  Try:   kinospool submit --from \(Self.quoted(TerminalText.plain(film.film)))"]
    }

    /// `RENDER  made by preview, profile fast, Kinospool 0.1.0`
    private var heading: String {
        let recipe = film.recipe
        let makers: [String?] = [
            recipe.backend.map { "made by \($0)" }, recipe.profile.map { "profile \($0)" },
            recipe.kinospoolVersion.map { "Kinospool \($0)" },
        ]
        let type = terminal.colored(TerminalText.plain(recipe.typeName), .bold)
        return type + "  " + TerminalText.plain(makers.compactMap { $0 }.joined(separator: ", "))
    }

    /// One line for each, the words first.
    private var parameters: [String] {
        let first = ["prompt", "text"]
        let sorted = film.recipe.params.sorted { one, other in
            let (left, right) = (first.firstIndex(of: one.key) ?? 9, first.firstIndex(of: other.key) ?? 9)
            return left == right ? one.key < other.key : left < right
        }
        let width = min(sorted.map { TerminalText.width($0.key) }.max() ?? 0, 16)
        return sorted.map { key, value in
            let text = value.string ?? JSONWriter.compact(value)
            return "  \(TerminalText.padded(TerminalText.plain(key), to: width))  \(TerminalText.plain(text))"
        }
    }

    /// As a shell takes it for one word.
    private static func quoted(_ path: String) -> String {
        let isPlain = path.allSatisfy { $0.isLetter || $0.isNumber || "/._-+,".contains($0) }
        return isPlain ? path : "'" + path.replacing("'", with: "'\\''") + "'"
    }
}
