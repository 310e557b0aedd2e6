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
        let captions = try await captions(plan, inspector)
        let version = try await askedVersion
        let parts = PartMaker(
            plan: plan, encoder: FilmEncoder(output: timeline.output, rate: plan.rate), sources: sources,
            captions: captions, folder: folder, configuration: configuration, cache: cache, version: version,
            runner: runner)
        let sound = SoundMaker(
            plan: plan, timeline: timeline, sources: sources, folder: folder, configuration: configuration,
            cache: cache, version: version, runner: runner)
        let extras = StitchExtras(
            timeline: timeline, plan: plan, configuration: configuration, runner: runner, folder: folder,
            scratch: request.scratch, film: parts.reel(list: Self.pictureList))
        let keepsakes = try await makePieces(parts, sound, extras, rising)
        async let kept: Void = keep(keepsakes, in: cache)
        rising.progress(97, "joining the film")
        let film = try await join(parts, captions, rising)
        await kept
        return extras.files(film: film, captionTracks: captions.softTrack == nil ? 0 : 1)
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

    private func captions(_ plan: StitchPlan, _ inspector: SourceInspector) async throws -> StitchCaptions {
        let source = CaptionSource(inspector: inspector, runner: runner, folder: folder)
        let captions = try StitchCaptions(
            timeline, plan: plan, file: try await source.track(timeline.captions.file))
        if let warning = try await source.missingLetters(in: captions.burntText) { report(.warning(warning)) }
        return captions
    }

    /// All that the film is joined from, and the pictures beside it: as many at a time as there are processors for it.
    ///
    /// The sound comes first: it is one long run after the other, which the parts fill up beside it. - Returns: sounds
    /// to keep.
    private func makePieces(
        _ parts: PartMaker, _ sound: SoundMaker, _ extras: StitchExtras, _ rising: RisingReport
    ) async throws -> [SoundMaker.Keepsake] {
        let (plan, width) = (parts.plan, configuration.stitchWidth)
        let progress = StitchProgress(rising, total: plan.frameCount)
        var missing: [Int] = []
        if plan.isCopy {
            progress.keep(frames: plan.frameCount)
            try await linkClips(parts)
        } else {
            missing = try await parts.takeKept(progress)
            let kept = plan.parts.count - missing.count
            if kept > 0 { report(.log("\(kept) of \(plan.parts.count) parts are kept from an earlier time")) }
        }
        let pictures = plan.parts.enumerated().map { (PartMaker.picture($0), plan.rate.seconds($1.count)) }
        try await write(JoinList.text(pictures.map { (name: $0.0, seconds: $0.1) }), Self.pictureList)
        let keepsakes = Mutex<[SoundMaker.Keepsake]>([])
        let rest = Countdown(missing.count)
        // Where no part is to be made, nothing but the extras needs a processor.
        let soundWidth = missing.isEmpty ? width : 1
        var work: [@Sendable () async throws -> Void] = [
            {
                let made = try await sound.make(width: soundWidth, report: rising.pass)
                keepsakes.withLock { $0 = made }
            }
        ]
        let count = missing.count
        work += missing.enumerated().map { position, index in
            {
                let threads = PartMaker.threads(position, of: count, width: width)
                try await parts.make(index, threads: threads, progress, rising.pass)
                rest.done()
            }
        }
        work += extras.work(report: rising.pass).map { body in
            {
                try await rest.wait()
                try await body()
            }
        }
        _ = try await SideBySide.map(work, width: width) { try await $0() }
        return keepsakes.withLock { $0 }
    }

    private func keep(_ keepsakes: [SoundMaker.Keepsake], in cache: StitchCache?) async {
        guard let cache else { return }
        try? await BlockingWork.run {
            for keepsake in keepsakes { cache.keep(keepsake.key, keepsake.kind, keepsake.path) }
            cache.trim()
        }
    }

    private func join(_ parts: PartMaker, _ captions: StitchCaptions, _ rising: RisingReport) async throws -> String {
        let comment = FilmComment(recipe: request.recipe)
        if let warning = comment.warning { report(.warning(warning)) }
        try await write(comment.bytes, FilmComment.fileName)
        if let track = captions.softTrack { try await write(track, Self.softTrack) }
        let film = FilmArguments(
            plan: parts.plan, encoder: parts.encoder, pictures: Self.pictureList, demuxers: parts.demuxers,
            soundtrack: SoundMaker.soundtrack, captions: captions.softTrack == nil ? nil : Self.softTrack,
            metadata: FilmComment.fileName)
        let name = "film.\(timeline.output.format.rawValue)"
        let command = ProcessCommand(
            configuration.ffmpeg, film.arguments(film: "../\(name).part"), in: folder,
            noise: UndecodedInput.complaint)
        try await runner.run(command, report: rising.pass).requireSuccess(of: command)
        let path = "\(request.scratch)/\(name)"
        try await BlockingWork.run { try ScratchFile.rename("\(path).part", to: path) }
        return name
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
