/// The captions of a film, in the order in which they are drawn.
///
/// Invariants: 1. never more than `cueLimit` cues. 2. Each cue has something to show, times within 100 hours, and ends
/// after it begins. 3. Without a head of its own, each style is one that exists.
public struct CaptionTrack: Sendable, Equatable {
    /// An ASS file's order is kept, since it decides what covers what; all others are sorted by their start.
    public let cues: [Cue]
    /// The looks that an ASS file brings; nil for captions in Kinospool's own styles.
    public let head: CaptionHead?

    /// The most cues of one track.
    public static let cueLimit = 10_000
    /// The longest file, in bytes.
    public static let fileLimit = 1 << 20

    /// Captions that somebody wrote into a job.
    ///
    /// - Parameter place: where they stand, for the message: `/params/captions` gives `/params/captions/3 has no text`.
    /// - Throws: `invalid_job` for the first cue that breaks an invariant or is longer than `Cue.textLimit`.
    public init(cues: [Cue], at place: String = "captions") throws(Failure) {
        guard cues.count <= Self.cueLimit else {
            throw Failure(.invalidJob, "\(place) has \(cues.count) captions, the limit is \(Self.cueLimit)")
        }
        for (index, cue) in cues.enumerated() {
            if let reason = Self.offence(in: cue) { throw Failure(.invalidJob, "\(place)/\(index) \(reason)") }
            if let name = cue.style { _ = try CaptionStyle.named(name, at: "\(place)/\(index)") }
        }
        self.init(read: cues, head: nil)
    }

    /// What a reader found and checked.
    init(read cues: [Cue], head: CaptionHead?) {
        self.head = head
        guard head == nil else {
            self.cues = cues
            return
        }
        // The standard library's sort is stable, though it does not promise so; the index makes sure.
        self.cues = cues.enumerated()
            .sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }
            .map(\.element)
    }

    /// Reads a caption file.
    ///
    /// - Parameters:
    ///   - format: what the file's name promises; `CaptionFormat(fileName:)` knows.
    ///   - name: what to call the file in messages.
    /// - Throws: `invalid_job` with the line where the file is not what its name says, or not legal.
    public static func read(
        _ bytes: some Collection<UInt8>, format: CaptionFormat, name: String = "the caption file"
    ) throws(Failure) -> CaptionTrack {
        let lines = try CaptionLines(bytes, name: name)
        try format.check(lines)
        switch format {
        case .srt: return CaptionTrack(read: try SubRipReader.cues(in: lines), head: nil)
        case .vtt: return CaptionTrack(read: try WebVTTReader.cues(in: lines), head: nil)
        case .ass:
            var reader = ASSReader(lines)
            return try reader.track()
        }
    }

    /// Whether any cue is seen in one of the window's frames: a part that no cue touches needs no captions burnt.
    public func touches(_ window: CaptionWindow) -> Bool {
        cues.contains { window.shows($0) }
    }

    /// Everything that will be read, for `FontCoverage.missing(in:)`.
    public var plainText: String { cues.map(\.plainText).joined(separator: "\n") }

    private static func offence(in cue: Cue) -> String? {
        let bytes = cue.text.utf8.count
        if cue.isBlank { return "has no text" }
        if bytes > Cue.textLimit { return "text has \(bytes) bytes, the limit is \(Cue.textLimit)" }
        guard cue.start.isFinite, cue.end.isFinite, cue.start >= 0, cue.end <= Cue.latestEnd else {
            return "must lie between 0 and \(Int(Cue.latestEnd)) seconds (is \(cue.start) to \(cue.end))"
        }
        return cue.end > cue.start ? nil : "ends at \(cue.end), which is not after its start at \(cue.start)"
    }
}
