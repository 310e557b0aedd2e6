/// What the fake server does with a request: bytes to send, and accidents, in order.
public struct FakeHTTPReply: Sendable {
    /// One thing it does on the connection.
    public enum Step: Sendable {
        case send([UInt8])
        /// Sends in pieces of that many bytes, each one a packet of its own.
        case drip([UInt8], piece: Int)
        /// Goes on when the gate is open, or the client has gone.
        case wait(Gate)
        /// Sends nothing more and keeps the connection until the client goes or the server stops.
        case hang
        /// An orderly end in the middle of whatever it is.
        case close
        /// RST: what `kill -9` and broken networks look like.
        case reset
    }

    public let steps: [Step]

    public init(_ steps: [Step]) { self.steps = steps }

    /// A whole answer with its length. The connection stays open.
    public static func bytes(_ status: Int, _ body: [UInt8], headers: [(String, String)] = []) -> FakeHTTPReply {
        FakeHTTPReply([.send(head(status, headers + [("Content-Length", "\(body.count)")]) + body)])
    }

    public static func text(_ status: Int, _ body: String, headers: [(String, String)] = []) -> FakeHTTPReply {
        bytes(status, Array(body.utf8), headers: headers)
    }

    public static func json(_ status: Int, _ body: String, headers: [(String, String)] = []) -> FakeHTTPReply {
        text(status, body, headers: headers + [("Content-Type", "application/json")])
    }

    public static func redirect(_ status: Int = 302, to location: String) -> FakeHTTPReply {
        text(status, "moved", headers: [("Location", location)])
    }

    /// A whole answer in chunks.
    public static func chunked(_ status: Int, _ chunks: [[UInt8]], headers: [(String, String)] = []) -> FakeHTTPReply {
        FakeHTTPReply([.send(head(status, headers + [("Transfer-Encoding", "chunked")]) + self.chunks(chunks))])
    }

    public static let reset = FakeHTTPReply([.reset])
    public static let hang = FakeHTTPReply([.hang])
    public static let close = FakeHTTPReply([.close])

    /// Status line and headers, with the empty line after them.
    public static func head(_ status: Int, _ headers: [(String, String)]) -> [UInt8] {
        Array(("HTTP/1.1 \(status) Fake\r\n" + headers.map { "\($0): \($1)\r\n" }.joined() + "\r\n").utf8)
    }

    /// Chunks as they are sent; the last, empty one too unless it is left out.
    public static func chunks(_ chunks: [[UInt8]], isWhole: Bool = true) -> [UInt8] {
        let line = Array("\r\n".utf8)
        let all = chunks.flatMap { Array(String($0.count, radix: 16).utf8) + line + $0 + line }
        return isWhole ? all + Array("0\r\n\r\n".utf8) : all
    }
}

extension FakeHTTPReply {
    /// A file as good servers give it: all of it, or the range that is asked for (206, or 416), with an ETag that
    /// `If-Range` is held against.
    public static func file(_ body: [UInt8], tag: String, for request: FakeHTTPRequest) -> FakeHTTPReply {
        let common = [("ETag", tag), ("Accept-Ranges", "bytes")]
        let isFresh = request["If-Range"].map { $0 == tag } ?? true
        guard isFresh, let range = request["Range"], range.hasPrefix("bytes="), range.hasSuffix("-"),
            let start = Int(range.dropFirst("bytes=".count).dropLast())
        else { return bytes(200, body, headers: common) }
        guard start < body.count else {
            return bytes(416, [], headers: common + [("Content-Range", "bytes */\(body.count)")])
        }
        let place = "bytes \(start)-\(body.count - 1)/\(body.count)"
        return bytes(206, Array(body[start...]), headers: common + [("Content-Range", place)])
    }
}
