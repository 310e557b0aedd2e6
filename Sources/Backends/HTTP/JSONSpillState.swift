import JobCore

/// The machine inside `JSONSpill`: which bytes stand in a string, and where they go.
struct JSONSpillState: ~Copyable {
    /// Where the next byte belongs.
    private enum Place {
        case outside
        /// In a string that is short so far; its characters wait in `held`.
        case short
        /// In a long string that is no base64; its characters are in the document.
        case long
        /// In a long string whose bytes go to `file`.
        case spilling
    }

    private let folder: String, nonce: String, maximumDocument: Int
    private var place = Place.outside
    /// The characters of an escape so far, `\` first; empty outside of one.
    private var escape: [UInt8] = []
    private var held: [UInt8] = []
    private var file: SinkFile?
    private var decoder = Base64Decoder()
    private var decoded: [UInt8] = []
    private(set) var document: [UInt8] = []
    private(set) var files: [String: JSONSpill.File] = [:]

    private static let quote = UInt8(ascii: "\""), backslash = UInt8(ascii: "\\")

    init(folder: String, nonce: String, maximumDocument: Int) {
        (self.folder, self.nonce, self.maximumDocument) = (folder, nonce, maximumDocument)
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) throws(HTTPFailure) {
        var position = 0
        while position < bytes.count {
            if !escape.isEmpty {
                try addToEscape(bytes[position])
                position += 1
                continue
            }
            // A run of plain bytes up to the next sign that means something here.
            var end = position
            let isOutside = place == .outside
            while end < bytes.count, bytes[end] != Self.quote, isOutside || bytes[end] != Self.backslash { end += 1 }
            if end > position { try addRun(UnsafeRawBufferPointer(rebasing: bytes[position..<end])) }
            position = end
            guard position < bytes.count else { break }
            if bytes[position] == Self.backslash { escape = [Self.backslash] } else { try passQuote() }
            position += 1
        }
    }

    private mutating func addRun(_ run: UnsafeRawBufferPointer) throws(HTTPFailure) {
        switch place {
        case .outside, .long: try keep(run)
        case .short:
            held += run
            if held.count > JSONSpill.threshold { try decide() }
        case .spilling: try spill(run)
        }
    }

    private mutating func addToEscape(_ byte: UInt8) throws(HTTPFailure) {
        escape.append(byte)
        guard escape.count == (escape[1] == UInt8(ascii: "u") ? 6 : 2) else { return }
        let whole = escape
        escape = []
        let piece = place == .spilling ? Self.unescaped(whole) : whole
        let result = piece.withUnsafeBytes { buffer -> Result<Void, HTTPFailure> in
            do throws(HTTPFailure) { return .success(try addRun(buffer)) } catch { return .failure(error) }
        }
        try result.get()
    }

    private mutating func passQuote() throws(HTTPFailure) {
        switch place {
        case .outside: place = .short
        case .short:
            try keep([Self.quote] + held + [Self.quote])
            (held, place) = ([], .outside)
        case .long:
            try keep([Self.quote])
            place = .outside
        case .spilling:
            try endFile()
            place = .outside
        }
    }

    /// A string has become long: it goes to a file, or stays.
    private mutating func decide() throws(HTTPFailure) {
        let text = Self.unescaped(held)
        let start = Self.startOfBase64(text)
        guard text[start...].allSatisfy(Base64Decoder.isPossible) else {
            try keep([Self.quote] + held)
            (held, place) = ([], .long)
            return
        }
        held = []
        place = .spilling
        decoder = Base64Decoder()
        file = try SinkFile("\(folder)/spill-\(files.count + 1)")
        let result = text[start...].withUnsafeBytes { buffer -> Result<Void, HTTPFailure> in
            do throws(HTTPFailure) { return .success(try spill(buffer)) } catch { return .failure(error) }
        }
        try result.get()
    }

    private mutating func spill(_ text: UnsafeRawBufferPointer) throws(HTTPFailure) {
        decoded.removeAll(keepingCapacity: true)
        decoder.decode(text, into: &decoded)
        guard decoder.isValid else { throw Self.broken() }
        try write()
    }

    private mutating func endFile() throws(HTTPFailure) {
        decoded.removeAll(keepingCapacity: true)
        guard decoder.finish(into: &decoded) else { throw Self.broken() }
        try write()
        guard let file = file.take() else { return }
        let placeholder = "spill-\(nonce)-\(files.count + 1)"
        files[placeholder] = JSONSpill.File(path: file.path, size: file.size, sha256: file.checksum)
        try keep(Array("\"\(placeholder)\"".utf8))
    }

    private mutating func write() throws(HTTPFailure) {
        let result = decoded.withUnsafeBytes { buffer -> Result<Void, HTTPFailure> in
            do throws(HTTPFailure) { return .success(try file?.append(buffer) ?? ()) } catch { return .failure(error) }
        }
        try result.get()
    }

    private mutating func keep(_ bytes: some Collection<UInt8>) throws(HTTPFailure) {
        guard document.count + bytes.count <= maximumDocument else {
            throw HTTPFailure(.tooLarge, .answered, "The answer has more than \(maximumDocument) bytes of plain JSON.")
        }
        document += bytes
    }

    private static func broken() -> HTTPFailure {
        HTTPFailure(.wrongContent, .answered, "A long base64 text in the answer is broken.")
    }

    /// Where base64 begins: after `data:video/mp4;base64,`, else at once.
    private static func startOfBase64(_ text: [UInt8]) -> Int {
        guard text.starts(with: Array("data:".utf8)), let comma = text.prefix(256).firstIndex(of: UInt8(ascii: ",")),
            text[..<comma].reversed().starts(with: Array(";base64".utf8).reversed())
        else { return 0 }
        return comma + 1
    }

    /// The text of JSON characters; an escape that is none becomes a byte that no base64 has.
    private static func unescaped(_ raw: [UInt8]) -> [UInt8] {
        guard raw.contains(backslash) else { return raw }
        return (try? JSONReader.read([quote] + raw + [quote]))?.string.map { Array($0.utf8) } ?? [0]
    }
}
