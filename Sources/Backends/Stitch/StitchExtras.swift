import JobCore

/// What lies beside a finished film: pictures of it, and a small moving one where it was asked for.
///
/// They are taken of the parts, which the film takes over as they are, while its sound is being made.
struct StitchExtras: Sendable {
    let timeline: Timeline
    let plan: StitchPlan
    let configuration: BackendConfiguration
    let runner: ProcessRunner
    /// Absolute paths of the folder with the parts, and of the one to write into.
    let folder: String, scratch: String
    /// The parts' pictures.
    let reel: FilmReel

    static let previewName = "preview.gif"

    /// What is to be done, each for itself.
    func work(
        report: @escaping @Sendable (BackendEvent) -> Void
    ) -> [@Sendable () async throws -> Void] {
        let photographer = StillPhotographer(ffmpeg: configuration.ffmpeg, runner: runner, scratch: scratch)
        var work: [@Sendable () async throws -> Void] = []
        if timeline.hasContactSheet {
            work.append { try await photographer.takeContactSheet(of: reel, report: report) }
        }
        if timeline.hasPoster {
            let frame = timeline.posterTime.map { plan.rate.frames($0) }
            work.append { try await photographer.takePoster(of: reel, at: frame, report: report) }
        }
        if timeline.hasPreview {
            let command = ProcessCommand(configuration.ffmpeg, previewArguments, in: folder)
            work.append { try await runner.run(command, report: report).requireSuccess(of: command) }
        }
        return work
    }

    /// The film with its pictures.
    ///
    /// - Parameter name: file name in the scratch folder.
    func film(_ name: String, captionTracks: Int) -> ProducedFile {
        ProducedFile(
            name: name, kind: .video, poster: timeline.hasPoster ? StillPhotographer.posterName : nil,
            contactSheet: timeline.hasContactSheet ? StillPhotographer.contactSheetName : nil,
            promise: ProducedFile.Promise(
                duration: plan.duration, size: plan.size, framesPerSecond: plan.rate.value,
                film: proof(captionTracks)))
    }

    /// What else was asked for.
    var others: [ProducedFile] {
        timeline.hasPreview ? [ProducedFile(name: Self.previewName, kind: .image)] : []
    }

    private func proof(_ captionTracks: Int) -> FilmProof {
        FilmProof(
            frameCount: plan.frameCount, codec: timeline.output.codec.rawValue, pixelFormat: "yuv420p",
            hasSound: true, beginsWithIndex: timeline.output.format != .mkv, captionTracks: captionTracks)
    }

    /// Six seconds at most, small: it shall load at once.
    private var previewArguments: [String] {
        let filters =
            "fps=10,scale=w=320:h=320:force_original_aspect_ratio=decrease:flags=lanczos"
            + ",split[p][g];[p]palettegen=max_colors=128[c];[g][c]paletteuse=dither=bayer:bayer_scale=4"
        return ["-v", "error", "-nostdin", "-y", "-t", "6"] + reel.opening + [
            "-an", "-filter_complex", "[0:v:0]\(filters)[v]", "-map", "[v]", "-map_metadata", "-1",
            "-loop", "0", "-f", "gif", "file:\(scratch)/\(Self.previewName)",
        ]
    }
}
