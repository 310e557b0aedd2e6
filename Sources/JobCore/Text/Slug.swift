/// Turns human text into the characters that are safe in ids and file names everywhere.
public enum Slug {
    /// Lower-case ASCII letters and digits, other runs of characters as one `-`, none at the ends.
    ///
    /// - Parameter limit: the most bytes of the answer; a longer text is cut after a whole word where possible.
    public static func text(of name: some StringProtocol, limit: Int) -> String {
        var slug: [UInt8] = []
        for byte in name.lowercased().utf8 {
            let isWord =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            if isWord {
                slug.append(byte)
            } else if let last = slug.last, last != UInt8(ascii: "-") {
                slug.append(UInt8(ascii: "-"))
            }
        }
        if slug.count > limit {
            let endsInsideWord = slug[limit] != UInt8(ascii: "-")
            slug.removeLast(slug.count - limit)
            if endsInsideWord, let dash = slug.lastIndex(of: UInt8(ascii: "-")), dash > limit / 2 {
                slug.removeLast(slug.count - dash)
            }
        }
        while slug.last == UInt8(ascii: "-") { slug.removeLast() }
        return String(decoding: slug, as: UTF8.self)
    }
}
