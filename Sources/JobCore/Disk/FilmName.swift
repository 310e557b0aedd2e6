/// The human name of a finished file in `films/`: the prompt's words for generated ids, the id for chosen ones.
///
/// It follows from the job alone, so that the links can be removed and rebuilt without a register.
public enum FilmName {
    /// `paper-boats-drift-4f2a91.mp4`, `lighthouse.mp4`; nil for files that nobody opens for pleasure.
    ///
    /// - Parameter index: place among the job's artifacts; from the second on it is part of the name.
    public static func text(id: JobID, prompt: String?, artifact: Artifact, index: Int) -> String? {
        guard artifact.kind == .video || artifact.kind == .audio else { return nil }
        let slug = prompt.map { Slug.text(of: $0, limit: 40) } ?? ""
        let base = id.isMadeUp && !slug.isEmpty ? "\(slug)-\(id.shortText)" : id.text
        return base + (index > 0 ? "-\(index + 1)" : "") + suffix(of: artifact.name)
    }

    /// `.mp4`; nothing for what is no usual suffix, so that the whole always fits a file name.
    private static func suffix(of name: String) -> String {
        guard let last = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last,
            (1...8).contains(last.utf8.count), last.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
        else { return "" }
        return ".\(last)"
    }
}
