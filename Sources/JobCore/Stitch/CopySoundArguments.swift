/// The sound of clips whose picture is taken over as it is: several clips by one run of ffmpeg.
///
/// Joining encoded sound leaves the encoder's lead-in as a gap at every seam, so sound is always decoded.
public struct CopySoundArguments: Sendable, Equatable {
    public let plan: StitchPlan
    /// Parts that follow each other; every one is a clip's body.
    public let parts: [StitchPart]
    /// The parts' files, in order.
    public let inputs: [StitchInput]

    /// Files that one run has open at once.
    public static let batch = 16

    public init(plan: StitchPlan, parts: [StitchPart], inputs: [StitchInput]) {
        (self.plan, self.parts, self.inputs) = (plan, parts, inputs)
    }

    /// Everything after the program's name.
    public func arguments(sound: String) -> [String] {
        ["-v", "error", "-nostdin", "-y", "-copyts"] + inputs.flatMap { ["-vn"] + $0.arguments() } + [
            "-filter_complex", graph, "-map", "[a]", "-map_metadata", "-1", "-c:a", "pcm_f32le", "-rf64", "auto",
            "-f", "wav", "file:\(sound)",
        ]
    }

    private var graph: String {
        var graph = ""
        for (index, part) in parts.enumerated() {
            guard let take = part.takes.first else { continue }
            let sound = TakeSound(plan: plan, take: take, sampleCount: plan.sampleCount(of: part))
            graph += sound.filters(input: index) + "[a\(index)];"
        }
        return graph + parts.indices.map { "[a\($0)]" }.joined() + "concat=n=\(parts.count):v=0:a=1[a]"
    }
}
