/// The lines of a caption file, numbered from 1 as editors show them.
///
/// A byte order mark, CRLF, CR and a missing line end at the end of the file are fine.
struct CaptionLines: Sendable {
    struct Line: Sendable, Equatable {
        let number: Int
        let text: String

        /// Nothing but white space.
        var isBlank: Bool { text.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0C } }
    }

    /// What to call the file in messages.
    let name: String
    let all: [Line]

    /// - Throws: `invalid_job` when the file is too long or not UTF-8.
    init(_ bytes: some Collection<UInt8>, name: String) throws(Failure) {
        self.name = name
        guard bytes.count <= CaptionTrack.fileLimit else {
            throw Failure(
                .invalidJob, "\(name) has \(bytes.count) bytes, the limit is \(CaptionTrack.fileLimit)",
                hint: "Cut the file in two, or leave out what is no caption (embedded fonts and pictures).")
        }
        var content = Array(bytes)[...]
        if content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
        if content.starts(with: [0xFF, 0xFE]) || content.starts(with: [0xFE, 0xFF]) || content.contains(0) {
            throw Self.encoding(name, "is UTF-16 or no text at all")
        }
        var all: [Line] = []
        while !content.isEmpty {
            let end = content.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? content.endIndex
            guard let text = String(validating: content[..<end], as: UTF8.self) else {
                throw Self.encoding(name, "line \(all.count + 1) is not UTF-8")
            }
            all.append(Line(number: all.count + 1, text: text))
            let isPair = content[end...].starts(with: [0x0D, 0x0A])
            content = content[min(content.endIndex, end + (isPair ? 2 : 1))...]
        }
        self.all = all
    }

    /// `film.srt line 12 …`; without a line the whole file is meant.
    func failure(_ reason: String, at line: Line? = nil, hint: String? = nil) -> Failure {
        Failure(.invalidJob, "\(name)\(line.map { " line \($0.number)" } ?? "") \(reason)", hint: hint)
    }

    /// The start of a line for a message.
    static func quoted(_ text: String) -> String {
        text.count > 40 ? "\"\(text.prefix(40))…\"" : "\"\(text)\""
    }

    private static func encoding(_ name: String, _ reason: String) -> Failure {
        Failure(
            .invalidJob, "\(name) \(reason)",
            hint: "Save it as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 old.srt > new.srt")
    }
}
