public import JobCore
import Synchronization

/// Makes honest stand-ins on this machine with ffmpeg alone, to try everything around a film without a GPU.
///
/// Invariants:
/// 1. The same parameters and seed give the same bytes with the same ffmpeg.
/// 2. Every film says on itself, and in its metadata, that it is a local preview.
/// 3. A film gets its final name only after ffmpeg ended well; helper files are gone when `run` returns.
public struct PreviewBackend: Backend {
    public let lane = Lane.preview
    private let configuration: BackendConfiguration
    private let runner = ProcessRunner()

    public init(configuration: BackendConfiguration = BackendConfiguration()) { self.configuration = configuration }

    /// Makes a film (`RENDER`, `IMG2VID`) or speech (`TTS`).
    ///
    /// - Throws: `config_error` for what a preview cannot make or what is not installed; `invalid_job`; `ffmpeg_error`;
    ///   `disk_full`; `CancellationError`.
    public func run(
        _ request: BackendRequest, report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> [ProducedFile] {
        guard case .generate(let type, let parameters) = request.work else {
            throw Failure(
                .configError, "The backend preview makes films and speech only.", hint: "Leave out \"backend\".")
        }
        let progress = RisingReport(report)
        switch type {
        case .render: return try await render(request, parameters, progress)
        case .imageToVideo: return try await pan(request, parameters, progress)
        case .speech: return try await speak(request, parameters, progress)
        case .lipSync: throw Self.needsGPU("LIPSYNC", setting: "RUNPOD_LIPSYNC_ENDPOINT")
        case .trainTwin: throw Self.needsGPU("TRAIN_TWIN", setting: "RUNPOD_LORA_ENDPOINT")
        case .export, .noop: throw Failure(.configError, "The backend preview makes no \(type.rawValue).")
        }
    }

    private static func needsGPU(_ type: String, setting: String) -> Failure {
        Failure(
            .configError, "\(type) needs a GPU backend; the local preview cannot stand in for it.",
            hint: "It comes with a GPU backend: set RUNPOD_API_KEY and \(setting).")
    }

    private func render(
        _ request: BackendRequest, _ parameters: JobParameters, _ progress: RisingReport
    ) async throws -> [ProducedFile] {
        let plan = try FilmPlan(parameters)
        let prompt = parameters.prompt ?? ""
        let palette = PreviewPalette(seed: request.seed, prompt: prompt)
        let card = PromptCard(
            size: plan.size, prompt: prompt, footer: "local preview · \(plan.label) · seed \(request.seed)",
            isCaption: false, fadesIn: plan.fade > 0)
        let film = PreviewFilm(plan: plan, palette: palette, scratch: request.scratch)
        return try await make(film.arguments, card: card, plan: plan, request, progress)
    }

    private func pan(
        _ request: BackendRequest, _ parameters: JobParameters, _ progress: RisingReport
    ) async throws -> [ProducedFile] {
        let pointer = "/params/image"
        let plan = try FilmPlan(parameters)
        let source = try InputSource(parameters.image ?? "", pointer: pointer)
        let path = try await source.located(
            request, configuration, into: request.scratch, limit: ImageProbe.largestFile, pointer: pointer)
        // What was fetched is not what the job made.
        defer { if path.hasPrefix(request.scratch + "/") { ScratchFile.removeBestEffort(path) } }
        let probe = ImageProbe(ffprobe: configuration.ffprobe, runner: runner)
        let image = try await probe.check(path, pointer: pointer, scratch: request.scratch, report: progress.pass)
        let prompt = parameters.prompt ?? ""
        let card = PromptCard(
            size: plan.size, prompt: prompt,
            footer: "local preview · pan of still image · \(plan.label) · seed \(request.seed)",
            isCaption: true, fadesIn: plan.fade > 0)
        let film = KenBurns(
            plan: plan, image: image, palette: PreviewPalette(seed: request.seed, prompt: prompt), seed: request.seed,
            scratch: request.scratch)
        return try await make(film.arguments, card: card, plan: plan, request, progress)
    }

    /// Draws the film, gives it its name, takes its still pictures, and sweeps.
    private func make(
        _ arguments: [String], card: PromptCard, plan: FilmPlan, _ request: BackendRequest, _ progress: RisingReport
    ) async throws -> [ProducedFile] {
        let scratch = request.scratch
        let (cardPath, commentPath) = ("\(scratch)/\(FilmOutput.cardName)", "\(scratch)/\(FilmComment.fileName)")
        let comment = FilmComment(recipe: request.recipe, note: FilmOutput.note)
        if let warning = comment.warning { progress.pass(.warning(warning)) }
        try await BlockingWork.run {
            try ScratchFile.write(card.bytes, to: cardPath)
            try ScratchFile.write(comment.bytes, to: commentPath)
        }
        let state = Mutex(FFmpegProgress(duration: plan.duration))
        let drawing = ProcessCommand(configuration.ffmpeg, arguments, in: scratch)
        let outcome = try await runner.run(drawing, report: progress.pass) { line in
            let percent = state.withLock { $0.take(line) ? $0.percent : nil }
            // The first frame is progress: 1, never 0. The still pictures have the last percents.
            if let percent { progress.progress(1 + percent * 95 / 100, "drawing the preview") }
        }
        try outcome.requireSuccess(of: drawing)
        progress.progress(97, "taking still pictures")
        let film = FilmReel(
            FilmOutput.partName, in: scratch, frameCount: plan.frameCount, rate: plan.rate, size: plan.size)
        try await StillPhotographer(ffmpeg: configuration.ffmpeg, runner: runner, scratch: scratch)
            .take(film, report: progress.pass)
        try await BlockingWork.run {
            try ScratchFile.rename("\(scratch)/\(FilmOutput.partName)", to: "\(scratch)/\(FilmOutput.name)")
            ScratchFile.removeBestEffort(cardPath)
            ScratchFile.removeBestEffort(commentPath)
        }
        progress.progress(99, "film made")
        return [
            ProducedFile(
                name: FilmOutput.name, kind: .video, poster: StillPhotographer.posterName,
                contactSheet: StillPhotographer.contactSheetName, promise: plan.promise)
        ]
    }

    private func speak(
        _ request: BackendRequest, _ parameters: JobParameters, _ progress: RisingReport
    ) async throws -> [ProducedFile] {
        let scratch = request.scratch
        let text = Array((parameters.text ?? parameters.prompt ?? "").utf8) + Array("\n".utf8)
        let comment = FilmComment(recipe: request.recipe, note: PreviewSpeech.note)
        if let warning = comment.warning { progress.pass(.warning(warning)) }
        try await BlockingWork.run {
            try ScratchFile.write(text, to: "\(scratch)/\(PreviewSpeech.textName)")
            try ScratchFile.write(comment.bytes, to: "\(scratch)/\(FilmComment.fileName)")
        }
        progress.progress(5, "speaking")
        try await speakWave(parameters.voice, scratch, progress)
        progress.progress(60, "encoding the speech")
        let speech = PreviewSpeech(engine: .flite, voice: nil, scratch: scratch)
        let encoding = speech.encoding(ffmpeg: configuration.ffmpeg)
        try await runner.run(encoding, report: progress.pass).requireSuccess(of: encoding)
        try await BlockingWork.run {
            try ScratchFile.rename("\(scratch)/\(PreviewSpeech.partName)", to: "\(scratch)/\(PreviewSpeech.name)")
            ScratchFile.removeBestEffort("\(scratch)/\(PreviewSpeech.textName)")
            ScratchFile.removeBestEffort("\(scratch)/\(PreviewSpeech.waveName)")
            ScratchFile.removeBestEffort("\(scratch)/\(FilmComment.fileName)")
        }
        progress.progress(99, "speech made")
        return [ProducedFile(name: PreviewSpeech.name, kind: .audio)]
    }

    /// espeak-ng knows over a hundred languages; ffmpeg's own voice stands in where it is not installed.
    private func speakWave(_ voice: String?, _ scratch: String, _ progress: RisingReport) async throws {
        let espeak = PreviewSpeech(engine: .espeak(program: configuration.espeak), voice: voice, scratch: scratch)
        let command = try espeak.speaking(ffmpeg: configuration.ffmpeg)
        do {
            let outcome = try await runner.run(command, report: progress.pass)
            if !outcome.isSuccess, let voice, outcome.complaint.contains("voice") {
                throw Failure(
                    .invalidJob, "/params/voice: espeak-ng has no voice \"\(voice)\".",
                    hint: "See the names with: espeak-ng --voices")
            }
            return try outcome.requireSuccess(of: command)
        } catch let failure as Failure where failure.code == .configError {
            progress.pass(.log("\(configuration.espeak) is not installed; speaking with the voice inside ffmpeg."))
        }
        let flite = PreviewSpeech(engine: .flite, voice: voice, scratch: scratch)
        let fallback = try flite.speaking(ffmpeg: configuration.ffmpeg)
        try await runner.run(fallback, report: progress.pass).requireSuccess(of: fallback)
    }
}
