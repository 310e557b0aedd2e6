import JobCore

/// How a job is called in lines for people: the last six letters of ids that a program made, others in full.
enum JobLabel {
    static func text(_ id: JobID) -> String { isGenerated(id) ? id.shortText : id.text }

    /// `20261123-140355123-7k3q9d`
    private static func isGenerated(_ id: JobID) -> Bool {
        let parts = id.text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 9, 6] && parts.prefix(2).joined().allSatisfy(\.isNumber)
    }

    /// What the job is about, harmless for terminals.
    static func what(_ view: JobView) -> String {
        if let prompt = view.prompt { return TerminalText.plain(prompt) }
        let params = view.params.object ?? [:]
        return ["text", "image", "audio", "video"].lazy.compactMap { params[$0]?.string }.first
            .map(TerminalText.plain) ?? ""
    }
}
