/// A strong entity tag, and the headers that ask for one (RFC 9110, 8.8.3 and 13.1).
struct EntityTag: Sendable, Equatable {
    /// Without quotes.
    let opaque: String

    /// As it stands in `ETag`.
    var text: String { "\"\(opaque)\"" }

    /// `If-None-Match`: a weak tag of the same text counts as the same.
    func matchesWeakly(_ header: String) -> Bool {
        Self.tags(header).contains { $0 == "*" || $0 == text || $0 == "W/\(text)" }
    }

    /// `If-Match` and `If-Range`: a weak tag never counts.
    func matchesStrongly(_ header: String) -> Bool { Self.tags(header).contains { $0 == "*" || $0 == text } }

    /// The tags of a list; a comma inside a tag does not end it.
    private static func tags(_ header: String) -> [String] {
        var (tags, tag, isQuoted) = ([String](), "", false)
        for character in header {
            if character == "\"" { isQuoted.toggle() }
            if character == ",", !isQuoted {
                tags.append(tag)
                tag = ""
            } else if isQuoted || !character.isWhitespace {
                tag.append(character)
            }
        }
        return (tags + [tag]).filter { !$0.isEmpty }
    }
}
