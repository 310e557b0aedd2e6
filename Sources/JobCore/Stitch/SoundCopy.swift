/// The soundtrack of a film whose clips are taken over as they are, without decoding: the clips' own packets.
///
/// Packets have 1024 samples, which clips do not end with: a clip's sound begins at the packet that is nearest to its
/// picture. Where the film of a clip ends, the next one's lead-in takes the place of its last packet, in which its
/// sound fades out; from its first sample on the next one sounds as it did alone.
///
/// Invariants:
/// 1. Packets follow each other without a gap: players need no clock but the first.
/// 2. No clip's sound is off by more than half a packet, which is less than half a frame.
public struct SoundCopy: Sendable, Equatable {
    /// Packets of one clip that follow each other.
    public struct Run: Sendable, Equatable {
        /// Index of the clip.
        public let clip: Int
        public let packets: [Range<Int>]
    }

    public let runs: [Run]
    /// Samples of the film, the lead-in not among them.
    public let sampleCount: Int
    /// What a decoder needs.
    public let setup: [UInt8]

    private static let packet = 1024
    /// Half a packet is less than half a frame up to here.
    private static let highestRate = 46.0
    /// What the file's sizes of 32 bits hold, by far.
    private static let limit = 1 << 31, longestPacket = 1 << 16

    /// Nil where the clips' sound is not all alike, is too short, or is not in the film's format.
    ///
    /// - Parameter sounds: of the files of the plan's clips, in order; nil where one has none that is known.
    public init?(_ plan: StitchPlan, sounds: [MovieIndex.Sound?]) {
        let sounds = sounds.compactMap { $0 }
        guard plan.isCopy, sounds.count == plan.clips.count, let first = sounds.first,
            plan.clips.allSatisfy({ $0.volume == 1 }), plan.rate.value <= Self.highestRate,
            first.sampleRate == StitchPlan.sampleRate, first.channels == 2,
            sounds.allSatisfy({ $0.setup == first.setup && $0.hasUsualLeadIn }),
            sounds.allSatisfy({ $0.packets.allSatisfy { $0.count <= Self.longestPacket } })
        else { return nil }
        func position(_ frame: Int) -> Int { plan.rate.samplePosition(frame, sampleRate: StitchPlan.sampleRate) }
        let end = position(plan.frameCount)
        // The slot of a packet is where it is heard; the lead-in of the first clip comes before slot 0.
        var starts = plan.clips.map { (position($0.filmStart) + Self.packet / 2) / Self.packet }
        starts.append((end + Self.packet - 1) / Self.packet + 1)
        var runs: [Run] = []
        for (index, sound) in sounds.enumerated() {
            let wanted = starts[index + 1] - starts[index]
            let isLast = index == sounds.count - 1
            // The last sound may end a packet early: less than the lead-in that players skip.
            guard wanted >= 2, sound.packets.count >= (isLast ? wanted - 1 : wanted) else { return nil }
            runs.append(Run(clip: index, packets: Array(sound.packets.prefix(wanted))))
        }
        (self.runs, sampleCount, setup) = (runs, end, first.setup)
        guard byteCount < Self.limit else { return nil }
    }

    /// Bytes of all packets.
    public var byteCount: Int { runs.reduce(0) { $0 + $1.packets.reduce(0) { $0 + $1.count } } }
}
