import JobCore
import Synchronization

/// One export from its timeline to its files.
struct StitchRun: Sendable {
    let timeline: Timeline
    let request: BackendRequest
    let configuration: BackendConfiguration
    let runner: ProcessRunner
    /// Absolute path of the working folder.
    let folder: String
    let report: @Sendable (BackendEvent) -> Void

    /// Names: the working folder below the scratch folder, and in it the list of pictures and the captions.
    static let folderName = "parts"
    private static let pictureList = "pictures.txt", softTrack = "captions.srt"

    /// The finished files.
    func make() async throws -> [ProducedFile] {
        let rising = RisingReport(report)
        let cache = request.cache.map { StitchCache(folder: $0, limit: configuration.cacheLimit) }
        let inspector = SourceInspector(
            request: request, configuration: configuration, runner: runner, cache: cache, folder: folder)
        rising.progress(0, "looking at the sources")
        async let askedVersion = FFmpegVersion.of(configuration.ffmpeg, runner, in: folder)
        let sources = try await inspector.inspect(
            sourcesToProbe, width: configuration.stitchWidth, report: rising.pass)
        try requireSound(sources)
        let plan = try StitchPlan(timeline, facts: sources.mapValues(\.facts))
        for warning in plan.warnings { report(.warning(warning)) }
        report(.log(plan.sentence))
        let captionSource = CaptionSource(inspector: inspector, runner: runner, folder: folder)
        let captions = try StitchCaptions(
            timeline, plan: plan, file: try await captionSource.track(timeline.captions.file))
        async let letters: Void = warn(of: captions, captionSource)
        var sound = SoundMaker(
            plan: plan, timeline: timeline, sources: sources, folder: folder, configuration: configuration,
            cache: cache, runner: runner)
        // It takes longer than the rest of what is done here: where all is taken over, nobody waits for it.
        let version = plan.isCopy && sound.isTakenOver ? "" : try await askedVersion
        sound.version = version
        let parts = PartMaker(
            plan: plan, encoder: FilmEncoder(output: timeline.output, rate: plan.rate), sources: sources,
            captions: captions, folder: folder, configuration: configuration, cache: cache, version: version,
            runner: runner)
        let extras = StitchExtras(
            timeline: timeline, plan: plan, configuration: configuration, runner: runner, folder: folder,
            scratch: request.scratch, reel: parts.reel(list: Self.pictureList))
        try await preparePieces(parts)
        let film = try await makeFilm(parts, sound, extras, captions, rising)
        try await letters
        return [film] + extras.others
    }

    /// Clips and sounds with their pointers, each source once.
    private var sourcesToProbe: [(reference: MediaReference, pointer: String)] {
        var seen: Set<MediaReference> = []
        let clips = timeline.clips.enumerated().map { ($1.source, "/params/clips/\($0)") }
        let sounds = timeline.sounds.enumerated().map { ($1.source, "/params/audio/\($0)") }
        return (clips + sounds).filter { seen.insert($0.0).inserted }.map { (reference: $0.0, pointer: $0.1) }
    }

    private func requireSound(_ sources: [MediaReference: StitchSource]) throws(Failure) {
        for (index, sound) in timeline.sounds.enumerated() where sources[sound.source]?.facts.audio == nil {
            throw Failure(.invalidJob, "/params/audio/\(index): \(sound.source) has no sound.")
        }
    }

    private func warn(of captions: StitchCaptions, _ source: CaptionSource) async throws {
        if let warning = try await source.missingLetters(in: captions.burntText) { report(.warning(warning)) }
    }

    /// Links the clips that are taken over as they are, and writes the list of the pictures.
    private func preparePieces(_ parts: PartMaker) async throws {
        let plan = parts.plan
        if plan.isCopy { try await linkClips(parts) }
        let pictures = plan.parts.enumerated().map { (PartMaker.picture($0), plan.rate.seconds($1.count)) }
        try await write(JoinList.text(pictures.map { (name: $0.0, seconds: $0.1) }), Self.pictureList)
    }

    /// All that the film is joined from, the film, and the pictures beside it: as many at a time as there are
    /// processors for it. Each begins as soon as what it needs is there.
    ///
    /// The sound comes first: it is one long run after the other, which the parts fill up beside it.
    ///
    /// - Returns: the film, of which the caller was told as soon as it was joined.
    private func makeFilm(
        _ parts: PartMaker, _ sound: SoundMaker, _ extras: StitchExtras, _ captions: StitchCaptions,
        _ rising: RisingReport
    ) async throws -> ProducedFile {
        let (plan, width) = (parts.plan, configuration.stitchWidth)
        let film = extras.film(filmName, captionTracks: captions.softTrack == nil ? 0 : 1)
        let progress = StitchProgress(rising, total: plan.frameCount)
        let missing = try await missingParts(parts, progress)
        let keepsakes = Mutex<[SoundMaker.Keepsake]>([])
        let (sounds, pictures) = (Countdown(1), Countdown(missing.count))
        // Where no part is to be made, nothing but the extras needs a processor.
        let soundWidth = missing.isEmpty ? width : 1
        var work: [@Sendable () async throws -> Void] = [
            {
                let made = try await sound.make(width: soundWidth, report: rising.pass)
                keepsakes.withLock { $0 = made }
                sounds.done()
            }
        ]
        let count = missing.count
        work += missing.enumerated().map { position, index in
            {
                let threads = PartMaker.threads(position, of: count, width: width)
                try await parts.make(index, threads: threads, progress, rising.pass)
                pictures.done()
            }
        }
        work.append {
            try await pictures.wait()
            try await sounds.wait()
            rising.progress(97, "joining the film")
            try await join(parts, captions, rising)
            request.finished(film)
        }
        work += extras.work(report: rising.pass).map { body in
            {
                try await pictures.wait()
                try await body()
            }
        }
        // Keeping needs the disk, no processor.
        async let kept: Void = {
            try await sounds.wait()
            await keep(keepsakes.withLock { $0 }, in: parts.cache)
            try await pictures.wait()
            try? await BlockingWork.run { parts.cache?.trim() }
        }()
        _ = try await SideBySide.map(work, width: width) { try await $0() }
        try await kept
        return film
    }

    /// The parts that are to be made.
    private func missingParts(_ parts: PartMaker, _ progress: StitchProgress) async throws -> [Int] {
        guard !parts.plan.isCopy else {
            progress.keep(frames: parts.plan.frameCount)
            return []
        }
        let missing = try await parts.takeKept(progress)
        let kept = parts.plan.parts.count - missing.count
        if kept > 0 { report(.log("\(kept) of \(parts.plan.parts.count) parts are kept from an earlier time")) }
        return missing
    }

    private func keep(_ keepsakes: [SoundMaker.Keepsake], in cache: StitchCache?) async {
        guard let cache else { return }
        try? await BlockingWork.run {
            for keepsake in keepsakes { cache.keep(keepsake.key, keepsake.kind, keepsake.path) }
        }
    }

    private var filmName: String { "film.\(timeline.output.format.rawValue)" }

    private func join(_ parts: PartMaker, _ captions: StitchCaptions, _ rising: RisingReport) async throws {
        let comment = FilmComment(recipe: request.recipe)
        if let warning = comment.warning { report(.warning(warning)) }
        try await write(comment.bytes, FilmComment.fileName)
        if let track = captions.softTrack { try await write(track, Self.softTrack) }
        let film = FilmArguments(
            plan: parts.plan, encoder: parts.encoder, pictures: Self.pictureList, demuxers: parts.demuxers,
            soundtrack: SoundMaker.soundtrack, captions: captions.softTrack == nil ? nil : Self.softTrack,
            metadata: FilmComment.fileName)
        let name = filmName
        let command = ProcessCommand(
            configuration.ffmpeg, film.arguments(film: "../\(name).part"), in: folder,
            noise: UndecodedInput.complaint)
        try await runner.run(command, report: rising.pass).requireSuccess(of: command)
        let path = "\(request.scratch)/\(name)"
        try await BlockingWork.run { try ScratchFile.rename("\(path).part", to: path) }
    }

    /// Links the clips under our own names: their pictures are taken over as they are.
    private func linkClips(_ parts: PartMaker) async throws {
        let inputs = parts.plan.clips.compactMap { parts.sources[$0.source]?.input }
        let folder = folder
        try await BlockingWork.run {
            for (index, input) in inputs.enumerated() {
                try ScratchFile.makeLink(to: input.path, at: "\(folder)/\(PartMaker.picture(index))")
            }
        }
    }

    private func write(_ text: String, _ name: String) async throws { try await write(Array(text.utf8), name) }

    private func write(_ bytes: [UInt8], _ name: String) async throws {
        let path = "\(folder)/\(name)"
        try await BlockingWork.run { try ScratchFile.write(bytes, to: path) }
    }
}

extension StitchPlan {
    /// One line for the job's log.
    var sentence: String {
        let cost = isCopy ? "pictures taken over as they are" : "\(parts.count) parts"
        return "plan: \(clips.count) clips, \(size) at \(rate) fps, \(frameCount) frames, "
            + "\(DecimalText.short(duration)) s, \(cost)"
    }
}
