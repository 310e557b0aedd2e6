/// One track of an MP4 file: the box `trak`.
struct MovieTrack: Sendable, Equatable {
    enum Content: Sendable, Equatable {
        /// H.264, with the hash of what a decoder must know before the first frame.
        case picture(FrameSize, setup: String)
        /// AAC.
        case sound(AACSettings)
        /// Text that the player can switch off.
        case captions
    }

    let content: Content
    /// Ticks a second.
    let clock: Int
    /// Ticks that it plays, from second 0 of the film, and ticks of lead-in before them.
    let length: Int, leadIn: Int
    let table: SampleTable

    /// Numbers of clocks and lengths stay below, so that products fit in 64 bits.
    private static let limit = 1 << 31

    /// Nil for all that is not written here every day.
    ///
    /// - Parameters:
    ///   - box: the `trak` box.
    ///   - movieClock: ticks a second of the whole film.
    init?(_ box: MovieBox, movieClock: Int) {
        guard let boxes = box.boxes(), let header = boxes.only("tkhd"), Self.isUpright(header),
            !boxes.contains(where: { $0.name == "tref" }),
            let media = boxes.only("mdia")?.boxes(), let handler = media.only("hdlr"), handler.version(flags: 0) == 0,
            let clock = media.only("mdhd").flatMap(Self.clock),
            let information = media.only("minf")?.boxes(), Self.isInThisFile(information),
            let stored = information.only("stbl")?.boxes(), let table = SampleTable(stored),
            table.length == clock.length
        else { return nil }
        let kind = String(decoding: handler.bytes(from: 8).prefix(4), as: UTF8.self)
        guard let entry = stored.only("stsd").flatMap(Self.entry),
            let content = Self.content(kind, entry, header)
        else { return nil }
        let edit: Edit?
        if boxes.contains(where: { $0.name == "edts" }) {
            guard let found = boxes.only("edts")?.boxes()?.only("elst").flatMap(Edit.init) else { return nil }
            edit = found
        } else {
            edit = nil
        }
        if case .picture = content, table.frameLength == nil { return nil }
        guard let length = Self.length(content, table, clock, edit, movieClock) else { return nil }
        (self.content, self.clock, self.length, self.table) = (content, clock.ticks, length, table)
        leadIn = edit?.start ?? 0
    }

    /// Neither turned nor scaled: the matrix that changes nothing.
    private static func isUpright(_ header: MovieBox) -> Bool {
        guard let version = header.version(), version <= 1 else { return false }
        let start = version == 0 ? 40 : 52
        let matrix = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000]
        return header.count == start + 44
            && matrix.indices.allSatisfy { header.number(at: start + $0 * 4, width: 4) == matrix[$0] }
    }

    private static func clock(_ box: MovieBox) -> (ticks: Int, length: Int)? {
        guard let version = box.version(flags: 0), version <= 1, box.count == (version == 0 ? 24 : 36),
            let ticks = box.number(at: version == 0 ? 12 : 20, width: 4),
            let length = box.number(at: version == 0 ? 16 : 24, width: version == 0 ? 4 : 8),
            (1..<limit).contains(ticks), (1..<limit).contains(length)
        else { return nil }
        return (ticks, length)
    }

    /// The frames lie in the same file: hostile ones name others.
    private static func isInThisFile(_ information: [MovieBox]) -> Bool {
        guard let reference = information.only("dinf")?.boxes()?.only("dref"), reference.version(flags: 0) == 0,
            reference.number(at: 4, width: 4) == 1, let entries = reference.boxes(from: 8), entries.count == 1
        else { return false }
        return entries[0].name == "url " && entries[0].count == 4 && entries[0].version(flags: 1) == 0
    }

    /// The one description of what the frames are.
    private static func entry(_ box: MovieBox) -> MovieBox? {
        guard box.version(flags: 0) == 0, box.number(at: 4, width: 4) == 1, let entries = box.boxes(from: 8),
            entries.count == 1, entries[0].number(at: 6, width: 2) == 1
        else { return nil }
        return entries[0]
    }

    private static func content(_ kind: String, _ entry: MovieBox, _ header: MovieBox) -> Content? {
        switch kind {
        case "vide": picture(entry, header)
        case "soun": sound(entry)
        case "sbtl": entry.name == "tx3g" ? .captions : nil
        default: nil
        }
    }

    private static func picture(_ entry: MovieBox, _ header: MovieBox) -> Content? {
        // Eight bytes of all entries, seventy of pictures, then boxes; the depth is told behind the encoder's name.
        guard entry.name == "avc1", entry.number(at: 74, width: 2) == 24, let boxes = entry.boxes(from: 78),
            boxes.allSatisfy({ ["avcC", "pasp", "btrt", "colr", "fiel"].contains($0.name) }),
            let setup = boxes.only("avcC"), let settings = AVCSettings(setup.bytes(from: 0)),
            entry.number(at: 24, width: 2) == settings.width, entry.number(at: 26, width: 2) == settings.height,
            header.number(at: header.count - 8, width: 4) == settings.width << 16,
            header.number(at: header.count - 4, width: 4) == settings.height << 16
        else { return nil }
        for box in boxes {
            switch box.name {
            case "pasp":
                guard let shape = box.number(at: 0, width: 4), shape > 0, box.number(at: 4, width: 4) == shape else {
                    return nil
                }
            case "colr": guard box.count == 11, box.number(at: 10, width: 1).map({ $0 & 0x80 }) == 0 else { return nil }
            case "fiel": guard box.number(at: 0, width: 1) == 1 else { return nil }
            default: break
            }
        }
        var hash = SHA256()
        hash.update(setup.bytes(from: 0))
        guard let size = FrameSize(width: settings.width, height: settings.height) else { return nil }
        return .picture(size, setup: "SHA256:\(hash.finished())")
    }

    private static func sound(_ entry: MovieBox) -> Content? {
        // Version 0: eight bytes of all entries, twenty of sounds, then boxes.
        guard entry.name == "mp4a", entry.number(at: 8, width: 2) == 0, let boxes = entry.boxes(from: 28),
            boxes.allSatisfy({ $0.name == "esds" || $0.name == "btrt" }),
            let settings = boxes.only("esds").flatMap(AACSettings.init)
        else { return nil }
        return .sound(settings)
    }

    /// Ticks that are played; nil when the track does not begin at second 0 or loses frames of its own at its end.
    private static func length(
        _ content: Content, _ table: SampleTable, _ clock: (ticks: Int, length: Int), _ edit: Edit?, _ movieClock: Int
    ) -> Int? {
        guard let edit else { return table.start == 0 ? clock.length : nil }
        // Pictures begin with their first frame; AAC with its first packet or behind it, which is its lead-in.
        var starts: [Int?] = [table.start]
        if case .sound = content { starts = [0, table.frameLength] }
        guard starts.contains(edit.start) else { return nil }
        // Rounded to the nearest tick, half away from zero, as ffmpeg does.
        let played = (edit.length * clock.ticks + movieClock / 2) / movieClock
        guard played >= clock.length - edit.start - clock.ticks / movieClock - 1 else { return nil }
        return min(clock.length, played)
    }

    /// The one line of an edit list: which stretch of the track is played, at its own speed.
    private struct Edit {
        /// In ticks of the film, and of the track.
        let length: Int, start: Int

        init?(_ box: MovieBox) {
            guard let version = box.version(flags: 0), version <= 1, box.number(at: 4, width: 4) == 1 else {
                return nil
            }
            let width = version == 0 ? 4 : 8
            guard box.count == 12 + width * 2, let length = box.number(at: 8, width: width),
                let start = box.number(at: 8 + width, width: width), (1..<limit).contains(length),
                (0..<limit).contains(start), box.number(at: 8 + width * 2, width: 4) == 0x1_0000
            else { return nil }
            (self.length, self.start) = (length, start)
        }
    }
}
