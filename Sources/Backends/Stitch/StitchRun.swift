import JobCore

/// One export from its timeline to its files.
struct StitchRun: Sendable {
    let timeline: Timeline
    let request: BackendRequest
    let configuration: BackendConfiguration
    let runner: ProcessRunner
    /// Absolute path of the working folder.
    let folder: String
    let report: @Sendable (BackendEvent) -> Void

    /// Names: the working folder below the scratch folder, and in it the lists and the mix.
    static let folderName = "parts"
    private static let pictureList = "pictures.txt", soundList = "sounds.txt", mix = "mix.wav"
    private static let softTrack = "captions.srt"

    /// The finished files.
    func make() async throws -> [ProducedFile] {
        let rising = RisingReport(report)
        let cache = request.cache.map { StitchCache(folder: $0, limit: configuration.cacheLimit) }
        let inspector = SourceInspector(
            request: request, configuration: configuration, runner: runner, cache: cache, folder: folder)
        rising.progress(0, "looking at the sources")
        let sources = try await inspector.inspect(
            sourcesToProbe, width: configuration.stitchWidth, report: rising.pass)
        try requireSound(sources)
        let plan = try StitchPlan(timeline, facts: sources.mapValues(\.facts))
        for warning in plan.warnings { report(.warning(warning)) }
        report(.log(plan.sentence))
        let captions = try await captions(plan, inspector)
        let encoder = FilmEncoder(output: timeline.output, rate: plan.rate)
        let progress = StitchProgress(rising, total: plan.frameCount)
        let film = try await join(plan, encoder, captions, sources, cache, progress, rising)
        let extras = StitchExtras(
            timeline: timeline, plan: plan, film: film, captionTracks: captions.softTrack == nil ? 0 : 1,
            configuration: configuration, runner: runner, scratch: request.scratch)
        let files = try await extras.make(report: rising.pass)
        if let cache { try? await BlockingWork.run { cache.trim() } }
        return files
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

    private func join(
        _ plan: StitchPlan, _ encoder: FilmEncoder, _ captions: StitchCaptions,
        _ sources: [MediaReference: StitchSource], _ cache: StitchCache?,
        _ progress: StitchProgress, _ rising: RisingReport
    ) async throws -> String {
        let sounds: [(name: String, seconds: Double)]
        if plan.isCopy {
            progress.keep(frames: plan.frameCount)
            sounds = try await copy(plan, sources, rising)
        } else {
            let maker = PartMaker(
                plan: plan, encoder: encoder, sources: sources,
                captions: captions, folder: folder,
                configuration: configuration, cache: cache,
                version: try await FFmpegVersion.of(configuration.ffmpeg, runner, in: folder), runner: runner)
            try await maker.makeAll(width: configuration.stitchWidth, progress, report: rising.pass)
            sounds = plan.parts.enumerated().map { (PartMaker.sound($0), plan.rate.seconds($1.count)) }
        }
        let pictures = plan.parts.enumerated().map { (PartMaker.picture($0), plan.rate.seconds($1.count)) }
        try await write(JoinList.text(pictures.map { (name: $0.0, seconds: $0.1) }), Self.pictureList)
        try await write(JoinList.text(sounds), Self.soundList)
        progress.finish(0, "mixing the sound")
        let (sound, filters) = try await mix(plan, sources, rising)
        progress.finish(0.4, "joining the film")
        let comment = FilmComment(recipe: request.recipe)
        if let warning = comment.warning { report(.warning(warning)) }
        try await write(comment.bytes, FilmComment.fileName)
        if let track = captions.softTrack { try await write(track, Self.softTrack) }
        let film = FilmArguments(
            plan: plan, encoder: encoder, pictures: Self.pictureList, sound: sound, soundFilters: filters,
            captions: captions.softTrack == nil ? nil : Self.softTrack, metadata: FilmComment.fileName)
        let name = "film.\(timeline.output.format.rawValue)"
        try await ffmpeg(film.arguments(film: "../\(name).part"), rising)
        let path = "\(request.scratch)/\(name)"
        try await BlockingWork.run { try ScratchFile.rename("\(path).part", to: path) }
        return name
    }

    /// Links the clips under our own names, and decodes their sound.
    private func copy(
        _ plan: StitchPlan, _ sources: [MediaReference: StitchSource], _ rising: RisingReport
    ) async throws -> [(name: String, seconds: Double)] {
        let inputs = plan.clips.compactMap { sources[$0.source]?.input }
        let folder = folder
        try await BlockingWork.run {
            for (index, input) in inputs.enumerated() {
                try ScratchFile.makeLink(to: input.path, at: "\(folder)/\(PartMaker.picture(index))")
            }
        }
        let batches = stride(from: 0, to: plan.parts.count, by: CopySoundArguments.batch).map {
            $0..<min($0 + CopySoundArguments.batch, plan.parts.count)
        }
        return try await SideBySide.map(batches, width: configuration.stitchWidth) { batch in
            let name = "s\(batch.lowerBound).wav"
            let parts = Array(plan.parts[batch])
            let sound = CopySoundArguments(plan: plan, parts: parts, inputs: Array(inputs[batch]))
            try await ffmpeg(sound.arguments(sound: name), rising)
            return (name: name, seconds: plan.rate.seconds(parts.reduce(0) { $0 + $1.count }))
        }
    }

    /// The arguments that open the sound of the whole film, and the filters that bring it to its loudness.
    private func mix(
        _ plan: StitchPlan, _ sources: [MediaReference: StitchSource], _ rising: RisingReport
    ) async throws -> (input: [String], filters: String?) {
        let list = JoinList.arguments(Self.soundList)
        guard !timeline.sounds.isEmpty || timeline.loudness != nil else { return (list, nil) }
        let inputs = timeline.sounds.compactMap { sources[$0.source]?.input }
        let arguments = MixArguments(duration: plan.duration, sounds: timeline.sounds, inputs: inputs)
        let hasMix = !timeline.sounds.isEmpty
        let command = ProcessCommand(
            configuration.ffmpeg, arguments.arguments(list: Self.soundList, mix: hasMix ? Self.mix : nil), in: folder)
        // It says much that is of no use to people.
        let outcome = try await runner.run(command) { event in
            if case .startedProcessGroup = event { rising.pass(event) }
        }
        try outcome.requireSuccess(of: command)
        let input =
            hasMix
            ? ["-protocol_whitelist", "file", "-f", "wav", "-i", "file:\(Self.mix)"] : list
        guard let target = timeline.loudness else { return (input, nil) }
        guard let loudness = Loudness(summary: outcome.complaint) else {
            throw Failure(.ffmpegError, "The loudness of the film could not be measured: \(outcome.lastLine)")
        }
        if loudness.isSilent { report(.warning("The film is silent.")) }
        return (input, loudness.filters(to: target))
    }

    private func write(_ text: String, _ name: String) async throws { try await write(Array(text.utf8), name) }

    private func write(_ bytes: [UInt8], _ name: String) async throws {
        let path = "\(folder)/\(name)"
        try await BlockingWork.run { try ScratchFile.write(bytes, to: path) }
    }

    private func ffmpeg(_ arguments: [String], _ rising: RisingReport) async throws {
        let command = ProcessCommand(configuration.ffmpeg, arguments, in: folder)
        try await runner.run(command, report: rising.pass).requireSuccess(of: command)
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
