import JobCore

/// The items of a URL's query; one that is there twice is a list.
struct QueryItems: Sendable, Equatable {
    private var items: [String: String] = [:]

    /// - Throws: `bad_request` for what is no UTF-8.
    init(_ query: Substring) throws(Problem) {
        for item in query.split(separator: "&") {
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let texts = pair.map { PercentEncoding.decoded($0.replacing("+", with: "%20")) }
            guard let name = texts[0], let value = texts.count > 1 ? texts[1] : "" else {
                throw Problem(.badRequest, "The query has an escape that does not read.")
            }
            items[name] = items[name].map { "\($0),\(value)" } ?? value
        }
    }

    /// Items that came in another form.
    init(_ items: [String: String]) { self.items = items }

    subscript(name: String) -> String? { items[name] }

    /// A whole number. - Throws: `bad_request` for anything else.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = items[name] else { return nil }
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text), range.contains(number) else {
            throw Problem(
                .badRequest, "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// One of a few words. - Throws: `bad_request` for any other.
    func word(_ name: String, of words: String...) throws(Problem) -> String? {
        guard let text = items[name] else { return nil }
        guard words.contains(text) else {
            throw Problem(.badRequest, "\(name) must be one of \(words.joined(separator: ", ")).")
        }
        return text
    }

    /// A list with commas; empty when it is not there.
    func list(_ name: String) -> [String] {
        (items[name] ?? "").split(separator: ",").map { $0.filter { !$0.isWhitespace } }
    }

    /// The whole query with another value for one item.
    func text(replacing name: String, with value: String) -> String {
        var items = items
        items[name] = value
        return items.sorted { $0.key < $1.key }
            .map { "\(PercentEncoding.encoded($0.key))=\(PercentEncoding.encoded($0.value))" }.joined(separator: "&")
    }
}
