import JobCore

/// What an exported film must be beyond its length and size; where it is not, stitching has failed.
public struct FilmProof: Sendable, Equatable {
    /// Exactly so many.
    public let frameCount: Int
    /// ffmpeg's names.
    public let codec: String, pixelFormat: String
    public let hasSound: Bool
    /// The index stands before the pictures, so that playing can begin at once (`+faststart`).
    public let beginsWithIndex: Bool
    public let captionTracks: Int

    public init(
        frameCount: Int, codec: String, pixelFormat: String, hasSound: Bool, beginsWithIndex: Bool, captionTracks: Int
    ) {
        (self.frameCount, self.codec, self.pixelFormat) = (frameCount, codec, pixelFormat)
        (self.hasSound, self.beginsWithIndex, self.captionTracks) = (hasSound, beginsWithIndex, captionTracks)
    }
}

extension FilmProof {
    /// What is not as planned, in words; empty when all is.
    func findings(_ report: ProbeReport) -> [String] {
        guard let video = report.video else { return ["it has no picture"] }
        var findings: [String] = []
        func require(_ condition: Bool, _ finding: String) { if !condition { findings.append(finding) } }
        require(video.packetCount == frameCount, "it has \(video.packetCount) frames, planned were \(frameCount)")
        require(video.codec == codec, "its codec is \(video.codec), planned was \(codec)")
        require(video.pixelFormat == pixelFormat, "its pixels are \(video.pixelFormat), planned was \(pixelFormat)")
        require(
            report.captionTracks == captionTracks,
            "it has \(report.captionTracks) tracks of captions, planned were \(captionTracks)")
        guard hasSound else { return findings }
        guard let audio = report.audio else { return findings + ["it has no sound"] }
        guard let frame = video.framesPerSecond.map({ 1 / $0 }) else { return findings }
        // A container's clock and one packet of AAC's lead-in may differ, which Matroska plays; a frame may not.
        let leadIn = 1024.0 / 48_000
        let begin = abs(video.startTime - audio.startTime)
        require(
            begin <= (beginsWithIndex ? frame : max(frame, leadIn)) + 0.001,
            "picture and sound begin \(DecimalText.short(begin)) s apart")
        if let picture = video.duration, let sound = audio.duration {
            let skew = abs(picture - sound)
            require(
                skew <= max(frame, leadIn) + 0.001, "picture and sound end \(DecimalText.short(skew)) s apart")
        }
        return findings
    }
}
