public import JobCore

/// An answer of any status; what it means is the caller's to judge.
public struct HTTPResponse: Sendable, Equatable {
    public let head: HTTPHead
    /// The body. Empty where a sink took it. Of an answer other than 2xx the first MiB at most.
    public let body: [UInt8]

    public init(head: HTTPHead, body: [UInt8]) { (self.head, self.body) = (head, body) }

    public var status: Int { head.status }
    public var headers: HTTPHeaders { head.headers }
    public var isSuccess: Bool { head.isSuccess }

    /// The body as JSON, nil when it is none.
    public var json: JSONValue? { try? JSONReader.read(body) }

    /// The beginning of the body as one line for people, redacted: at most 200 characters.
    public var excerpt: String {
        let text = String(decoding: body.prefix(2000), as: UTF8.self)
        let words = text.split(whereSeparator: { $0.isWhitespace || $0.isNewline })
        return String(Redaction.redacted(words.joined(separator: " ")).prefix(200))
    }
}
