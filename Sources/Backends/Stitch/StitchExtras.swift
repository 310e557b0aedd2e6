import JobCore

/// What lies beside a finished film: pictures of it, and a small moving one where it was asked for.
struct StitchExtras: Sendable {
    let timeline: Timeline
    let plan: StitchPlan
    /// File name in the scratch folder.
    let film: String
    let captionTracks: Int
    let configuration: BackendConfiguration
    let runner: ProcessRunner
    /// Absolute path.
    let scratch: String

    static let previewName = "preview.gif"

    func make(report: @escaping @Sendable (BackendEvent) -> Void) async throws -> [ProducedFile] {
        let photographer = StillPhotographer(
            ffmpeg: configuration.ffmpeg, runner: runner, posterFrame: timeline.posterTime.map { plan.rate.frames($0) },
            takesPoster: timeline.hasPoster, takesContactSheet: timeline.hasContactSheet)
        try await photographer.take(
            film, frameCount: plan.frameCount, rate: plan.rate, size: plan.size, in: scratch, report: report)
        if timeline.hasPreview { try await run(previewArguments, report) }
        let video = ProducedFile(
            name: film, kind: .video, poster: timeline.hasPoster ? StillPhotographer.posterName : nil,
            contactSheet: timeline.hasContactSheet ? StillPhotographer.contactSheetName : nil,
            promise: ProducedFile.Promise(
                duration: plan.duration, size: plan.size, framesPerSecond: plan.rate.value, film: proof))
        return [video] + (timeline.hasPreview ? [ProducedFile(name: Self.previewName, kind: .image)] : [])
    }

    private var proof: FilmProof {
        FilmProof(
            frameCount: plan.frameCount, codec: timeline.output.codec.rawValue, pixelFormat: "yuv420p",
            hasSound: true, beginsWithIndex: timeline.output.format != .mkv, captionTracks: captionTracks)
    }

    private func run(_ arguments: [String], _ report: @escaping @Sendable (BackendEvent) -> Void) async throws {
        let command = ProcessCommand(configuration.ffmpeg, arguments, in: scratch)
        try await runner.run(command, report: report).requireSuccess(of: command)
    }

    private var input: [String] { ["-protocol_whitelist", "file", "-i", "file:\(film)"] }
    private var opening: [String] { ["-v", "error", "-nostdin", "-y"] }

    /// Six seconds at most, small: it shall load at once.
    private var previewArguments: [String] {
        let filters =
            "fps=10,scale=w=320:h=320:force_original_aspect_ratio=decrease:flags=lanczos"
            + ",split[p][g];[p]palettegen=max_colors=128[c];[g][c]paletteuse=dither=bayer:bayer_scale=4"
        return opening + ["-t", "6"] + input + [
            "-an", "-filter_complex", "[0:v:0]\(filters)[v]", "-map", "[v]", "-map_metadata", "-1",
            "-loop", "0", "-f", "gif", "file:\(Self.previewName)",
        ]
    }
}
