/// All texts over the film that do not belong to one clip.
public struct TimelineCaptions: Sendable, Equatable {
    /// How captions reach the viewer.
    public enum Mode: String, CaseIterable, Sendable {
        /// Part of the picture.
        case burnt
        /// A track that the player can switch off.
        case soft
        case both

        public var isBurnt: Bool { self != .soft }
        public var isSoft: Bool { self != .burnt }
    }

    public let lines: [TimelineCaption]
    /// An SRT, VTT or ASS file.
    public let file: MediaReference?
    /// Also for the captions of clips.
    public let mode: Mode
    /// The style of lines that name none.
    public let style: String?

    public static let none = TimelineCaptions(lines: [], file: nil, mode: .burnt, style: nil)
    public static let countLimit = 10_000

    public init(lines: [TimelineCaption], file: MediaReference?, mode: Mode, style: String?) {
        (self.lines, self.file, self.mode, self.style) = (lines, file, mode, style)
    }

    /// Reads `captions`: a list of lines, the name of a file, or `{"file": …, "lines": […], "mode": …, "style": …}`.
    init(in reader: FieldReader) throws(Failure) {
        let key = "captions"
        guard let value = reader.present(key) else {
            self = .none
            return
        }
        if let text = value.string {
            self.init(lines: [], file: try MediaReference(text, reader, key), mode: .burnt, style: nil)
        } else if value.array != nil {
            self.init(lines: try Self.lines(key, reader), file: nil, mode: .burnt, style: nil)
        } else {
            let fields = try reader.object(key)
            let file = try fields.text("file", maximumBytes: 4096)
            self.init(
                lines: try Self.lines("lines", fields), file: try Self.file(file, fields),
                mode: try fields.word("mode", Mode.self) ?? .burnt,
                style: try fields.text("style", maximumBytes: 64))
        }
    }

    private static func file(_ text: String?, _ fields: FieldReader) throws(Failure) -> MediaReference? {
        guard let text else { return nil }
        return try MediaReference(text, fields, "file")
    }

    private static func lines(_ key: String, _ reader: FieldReader) throws(Failure) -> [TimelineCaption] {
        var lines: [TimelineCaption] = []
        for (index, element) in try reader.elements(key, maximumCount: countLimit) {
            lines.append(try TimelineCaption(try element.object(index)))
        }
        return lines
    }
}
