import JobCore

/// The head of an answer while its lines come in. Of several (`100 Continue` before the real one) the last counts.
struct AnswerHead {
    private(set) var status = 0
    private(set) var headers = HTTPHeaders()
    /// Bytes of all lines so far, those of earlier heads too.
    private(set) var size = 0
    /// Whether an empty line ended a head that is no interim answer.
    private(set) var isComplete = false

    var isSuccess: Bool { (200...299).contains(status) }
    var contentLength: Int64? { headers["Content-Length"].flatMap { Int64($0) } }

    func head(of url: WebURL) -> HTTPHead { HTTPHead(status: status, headers: headers, url: url) }

    /// One line with its line break, as libcurl hands it over.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        size += bytes.count
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            let words = line.split(separator: " ", maxSplits: 2)
            status = words.count > 1 ? Int(words[1].prefix { $0.isNumber }) ?? 0 : 0
            headers = HTTPHeaders()
            isComplete = false
        } else if let colon = line.firstIndex(of: ":"), !isComplete {
            headers.add(Self.trimmed(line[..<colon]), Self.trimmed(line[line.index(after: colon)...]))
        } else if line.allSatisfy(\.isNewline) {
            isComplete = status >= 200 || status == 101
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text.drop(while: \.isWhitespace))
    }
}
