/// The sound of several parts that follow each other, as plain samples, by one run of ffmpeg.
///
/// Joining encoded sound leaves the encoder's lead-in as a gap at every seam, so sound is always decoded, also where
/// pictures are taken over as they are. It is made apart from the pictures: another caption leaves it as it was.
public struct SoundArguments: Sendable, Equatable {
    public let plan: StitchPlan
    public let parts: [StitchPart]
    /// The files of the parts' takes, in order.
    public let inputs: [StitchInput]

    /// Parts of one run; it has up to twice as many files open at once.
    public static let batch = 16

    public init(plan: StitchPlan, parts: [StitchPart], inputs: [StitchInput]) {
        (self.plan, self.parts, self.inputs) = (plan, parts, inputs)
    }

    /// The parts of a film in as few runs as can be, of about the same size.
    public static func batches(_ parts: [StitchPart]) -> [[StitchPart]] {
        let count = (parts.count + batch - 1) / batch
        return (0..<count).map { Array(parts[parts.count * $0 / count..<parts.count * ($0 + 1) / count]) }
    }

    /// Samples of all parts together.
    public var sampleCount: Int { parts.reduce(0) { $0 + plan.sampleCount(of: $1) } }

    /// Everything after the program's name.
    ///
    /// - Parameter sound: name of the WAV file to write.
    public func arguments(sound: String) -> [String] {
        let unprobed = UndecodedInput.unprobed(inputs)
        let inputs = zip(parts.flatMap(\.takes), inputs).flatMap { take, input in
            let codec = input.demuxer == UndecodedInput.demuxer ? plan.clips[take.clip].facts.audio?.codec : nil
            return ["-vn"] + unprobed + UndecodedInput.sound(codec) + input.arguments(from: plan.seek(to: take))
        }
        return UndecodedInput.logLevel + ["-nostdin", "-y", "-copyts"]
            + inputs + [
                "-filter_complex", graph, "-map", "[a]", "-map_metadata", "-1", "-c:a", "pcm_f32le", "-rf64", "auto",
                "-f", "wav", "file:\(sound)",
            ]
    }

    private var graph: String {
        var (graph, input) = ("", 0)
        for (index, part) in parts.enumerated() {
            let count = plan.sampleCount(of: part)
            let takes = part.takes.enumerated().map { offset, take in
                TakeSound(plan: plan, take: take, sampleCount: count).filters(input: input + offset)
            }
            switch part.content {
            case .body: graph += "\(takes[0])[a\(index)];"
            case .transition:
                let (from, to) = ("from\(index)", "to\(index)")
                graph +=
                    "\(takes[0])[\(from)];\(takes[1])[\(to)];[\(from)][\(to)]acrossfade=ns=\(count)"
                    + ":c1=qsin:c2=qsin,\(TakeSound.exactly(count))[a\(index)];"
            }
            input += takes.count
        }
        return graph + parts.indices.map { "[a\($0)]" }.joined() + "concat=n=\(parts.count):v=0:a=1[a]"
    }
}
