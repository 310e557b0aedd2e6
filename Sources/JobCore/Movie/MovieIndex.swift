/// The index of an MP4 file, where it is of the everyday kind: H.264 and AAC as ffmpeg writes them.
///
/// It saves a start of ffprobe, a tenth of a second, for each clip. It is not meant to read much: whatever is unusual,
/// harmed or hostile is left to ffprobe, and what is read here says the same that ffprobe would.
///
/// Invariants:
/// 1. Every number from the file is checked against what it counts; sizes and counts have limits.
/// 2. Every frame that the index promises lies in the file, within its media data.
public struct MovieIndex: Sendable, Equatable {
    /// Ticks a second of the whole film, and how many it lasts.
    let clock: Int, length: Int
    let tracks: [MovieTrack]

    /// The longest index that is read, in bytes; four hours of film have about ten million.
    public static let limit = 16 << 20
    private static let numberLimit = 1 << 31

    /// - Parameters:
    ///   - bytes: the box `moov`, without its head.
    ///   - media: where the boxes `mdat` have their content in the file.
    public init?(_ bytes: [UInt8], media: [Range<Int>]) {
        guard bytes.count <= Self.limit,
            let boxes = MovieBox(bytes, 0..<bytes.count, name: "moov").boxes(),
            boxes.allSatisfy({ ["mvhd", "trak", "udta", "iods", "free"].contains($0.name) }),
            let clock = boxes.only("mvhd").flatMap(Self.clock), !Self.hasGapNote(boxes)
        else { return nil }
        var tracks: [MovieTrack] = []
        for box in boxes where box.name == "trak" {
            guard let track = MovieTrack(box, movieClock: clock.ticks),
                track.table.places.allSatisfy({ place in
                    media.contains { $0.lowerBound <= place.lowerBound && place.upperBound <= $0.upperBound }
                })
            else { return nil }
            tracks.append(track)
        }
        (self.clock, length, self.tracks) = (clock.ticks, clock.length, tracks)
    }

    private static func clock(_ box: MovieBox) -> (ticks: Int, length: Int)? {
        guard let version = box.version(flags: 0), version <= 1, box.count == (version == 0 ? 100 : 112),
            let ticks = box.number(at: version == 0 ? 12 : 20, width: 4),
            let length = box.number(at: version == 0 ? 16 : 24, width: version == 0 ? 4 : 8),
            (1..<numberLimit).contains(ticks), (1..<numberLimit).contains(length)
        else { return nil }
        return (ticks, length)
    }

    /// A note of iTunes on lead-in and rest, which ffmpeg obeys.
    private static func hasGapNote(_ boxes: [MovieBox]) -> Bool {
        boxes.contains { $0.name == "udta" && $0.bytes(from: 0).contains("iTunSMPB".utf8) }
    }
}

extension MovieIndex {
    /// The first track of pictures: H.264 in `yuv420p`, upright, with square pixels, from second 0 on.
    public struct Picture: Sendable, Equatable {
        public let size: FrameSize
        /// Seconds, to the millionth, as ffprobe writes them.
        public let duration: Double
        /// Frames a second, on average, and as most of them are.
        public let rate: Double, nominalRate: Double
        public let frameCount: Int
        /// Ticks a second.
        public let clock: Int
        /// Hash of what a decoder needs to know before the first frame.
        public let setup: String
    }

    /// The first track of sound: AAC, from second 0 on.
    public struct Sound: Sendable, Equatable {
        /// Seconds, to the millionth.
        public let duration: Double
        public let sampleRate: Int, channels: Int
        /// What a decoder needs to know before the first packet.
        public let setup: [UInt8]
        /// Where each packet lies in the file.
        public let packets: [Range<Int>]
        /// Whether all packets but the last are of 1024 samples, of which the first is the encoder's lead-in.
        public let hasUsualLeadIn: Bool
    }

    /// Nil where there is none.
    public var picture: Picture? { tracks.lazy.compactMap(\.picture).first }
    public var sound: Sound? { tracks.lazy.compactMap(\.sound).first }

    /// Tracks of captions.
    public var captionTracks: Int { tracks.count { $0.content == .captions } }

    /// Seconds of the whole film, to the millionth.
    public var duration: Double { Self.seconds(length, clock) }

    fileprivate static func seconds(_ ticks: Int, _ clock: Int) -> Double {
        (Double(ticks) / Double(clock) * 1_000_000).rounded() / 1_000_000
    }
}

extension MovieTrack {
    fileprivate var picture: MovieIndex.Picture? {
        guard case .picture(let size, let setup) = content, let frame = table.frameLength else { return nil }
        return MovieIndex.Picture(
            size: size, duration: MovieIndex.seconds(length, clock),
            rate: Double(clock * table.count) / Double(table.length), nominalRate: Double(clock) / Double(frame),
            frameCount: table.count, clock: clock, setup: setup)
    }

    fileprivate var sound: MovieIndex.Sound? {
        guard case .sound(let settings) = content else { return nil }
        let packet = AACSettings.packetLength
        return MovieIndex.Sound(
            duration: MovieIndex.seconds(length, clock), sampleRate: settings.sampleRate, channels: settings.channels,
            setup: settings.setup, packets: table.places,
            hasUsualLeadIn: clock == settings.sampleRate && leadIn == packet && table.frameLength == packet)
    }
}
