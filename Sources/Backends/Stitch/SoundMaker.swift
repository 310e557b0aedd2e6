import JobCore

/// Makes the soundtrack of a film: decoded once, mixed, brought to its loudness and encoded once; or takes it over as
/// it is, where clips are, or where it is kept from an earlier time.
struct SoundMaker: Sendable {
    let plan: StitchPlan
    let timeline: Timeline
    let sources: [MediaReference: StitchSource]
    /// Absolute path of the folder to work in.
    let folder: String
    let configuration: BackendConfiguration
    let cache: StitchCache?
    /// What the encoder is: other versions make other sounds. Not asked for a sound that is taken over.
    var version = ""
    let runner: ProcessRunner

    /// Names in the folder.
    static let soundtrack = "sound.m4a"
    private static let list = "sounds.txt", mix = "mix.wav"

    /// A file in the folder that is worth keeping, and its name in the cache.
    struct Keepsake: Sendable, Equatable {
        let key: String, kind: StitchCache.Kind, path: String
    }

    /// Makes the soundtrack.
    ///
    /// - Parameter width: runs of ffmpeg at a time.
    /// - Returns: what to keep, once there is time for it.
    func make(width: Int, report: @escaping @Sendable (BackendEvent) -> Void) async throws -> [Keepsake] {
        let copy = copy
        if let copy, timeline.loudness == nil {
            // As quickly made as taken from the cache.
            try await write(copy, report)
            return []
        }
        let track = Keepsake(key: soundtrackKey, kind: .soundtrack, path: "\(folder)/\(Self.soundtrack)")
        if await isTaken(track) { return [] }
        let batches = SoundArguments.batches(plan.parts).enumerated().map { ("s\($0).wav", $1) }
        let sounds = try await SideBySide.map(batches, width: width) { name, parts in
            (keepsake: try await decode(parts, into: name, report), seconds: seconds(parts))
        }
        let lines = zip(batches, sounds).map { (name: $0.0, seconds: $1.seconds) }
        try await write(JoinList.text(lines), Self.list)
        let (input, loudness) = try await mix(report)
        if let copy, let loudness, let target = timeline.loudness, loudness.isAt(target) {
            try await write(copy, report)
        } else {
            let filters = timeline.loudness.flatMap { loudness?.filters(to: $0) }
            let arguments = SoundtrackArguments(sound: input, filters: filters)
            try await ffmpeg(arguments.arguments(soundtrack: Self.soundtrack), report)
        }
        // A silent film is warned of each time.
        return sounds.compactMap(\.keepsake) + (loudness?.isSilent == true ? [] : [track])
    }

    /// Nothing is decoded and nothing encoded.
    var isTakenOver: Bool { timeline.loudness == nil && copy != nil }

    /// The clips' own packets; nil where they cannot be taken over, or where other sounds lie under the film.
    private var copy: SoundCopy? {
        guard timeline.sounds.isEmpty else { return nil }
        return SoundCopy(plan, sounds: plan.clips.map { sources[$0.source]?.sound })
    }

    private func write(_ copy: SoundCopy, _ report: @Sendable (BackendEvent) -> Void) async throws {
        report(.log("sound taken over as it is"))
        let files = copy.runs.map { run in
            (path: sources[plan.clips[run.clip].source]?.input.path ?? "", pieces: run.packets)
        }
        let (head, path) = (copy.head, "\(folder)/\(Self.soundtrack)")
        try await BlockingWork.run { try ScratchFile.write(head, and: files, to: path) }
    }

    private func seconds(_ parts: [StitchPart]) -> Double { plan.rate.seconds(parts.reduce(0) { $0 + $1.count }) }

    private func isTaken(_ keepsake: Keepsake) async -> Bool {
        guard let cache else { return false }
        return (try? await BlockingWork.run { cache.take(keepsake.key, keepsake.kind, as: keepsake.path) }) ?? false
    }

    /// - Returns: what to keep; nil when it was kept already.
    private func decode(
        _ parts: [StitchPart], into name: String, _ report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> Keepsake? {
        let sound = arguments(parts) { $0.input }
        let keepsake = Keepsake(key: key([soundText(parts)]), kind: .sound, path: "\(folder)/\(name)")
        if await isTaken(keepsake) { return nil }
        try await ffmpeg(sound.arguments(sound: name), report)
        let size = try await BlockingWork.run { ScratchFile.size(of: keepsake.path) } ?? 0
        // It counts only with all its samples, two channels of four bytes, after a header of less than a kilobyte.
        guard (0..<1024).contains(size - Int64(sound.sampleCount) * 8) else {
            throw Failure(
                .ffmpegError,
                "The sound of \(parts.count) parts has \(size) bytes, planned were \(sound.sampleCount) samples.")
        }
        return keepsake
    }

    private func arguments(_ parts: [StitchPart], _ input: (StitchSource) -> StitchInput) -> SoundArguments {
        let inputs = parts.flatMap(\.takes).compactMap { sources[plan.clips[$0.clip].source].map(input) }
        return SoundArguments(plan: plan, parts: parts, inputs: inputs)
    }

    /// The arguments that open the sound of the whole film, and how loud it is where that matters.
    private func mix(
        _ report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> (input: [String], loudness: Loudness?) {
        let list = JoinList.arguments(Self.list, ["wav"])
        guard !timeline.sounds.isEmpty || timeline.loudness != nil else { return (list, nil) }
        let hasMix = !timeline.sounds.isEmpty
        let command = ProcessCommand(
            configuration.ffmpeg, mixArguments { $0.input }.arguments(list: Self.list, mix: hasMix ? Self.mix : nil),
            in: folder)
        // It says much that is of no use to people.
        let outcome = try await runner.run(command) { event in
            if case .startedProcessGroup = event { report(event) }
        }
        try outcome.requireSuccess(of: command)
        let input = hasMix ? ["-protocol_whitelist", "file", "-f", "wav", "-i", "file:\(Self.mix)"] : list
        guard timeline.loudness != nil else { return (input, nil) }
        guard let loudness = Loudness(summary: outcome.complaint) else {
            throw Failure(.ffmpegError, "The loudness of the film could not be measured: \(outcome.lastLine)")
        }
        if loudness.isSilent { report(.warning("The film is silent.")) }
        return (input, loudness)
    }

    private func mixArguments(_ input: (StitchSource) -> StitchInput) -> MixArguments {
        MixArguments(
            duration: plan.duration, sounds: timeline.sounds,
            inputs: timeline.sounds.compactMap { sources[$0.source].map(input) })
    }

    private func write(_ text: String, _ name: String) async throws {
        let path = "\(folder)/\(name)"
        try await BlockingWork.run { try ScratchFile.write(Array(text.utf8), to: path) }
    }

    private func ffmpeg(_ arguments: [String], _ report: @escaping @Sendable (BackendEvent) -> Void) async throws {
        let command = ProcessCommand(configuration.ffmpeg, arguments, in: folder, noise: UndecodedInput.complaint)
        try await runner.run(command, report: report).requireSuccess(of: command)
    }
}

/// Names in the cache: what a sound is made from, with contents in place of paths.
extension SoundMaker {
    private var soundtrackKey: String {
        let target = timeline.loudness.map { DecimalText.precise($0) } ?? "off"
        let mix = mixArguments(\.asContent).arguments(list: Self.list, mix: Self.mix)
        return key(
            ["2"] + SoundArguments.batches(plan.parts).map(soundText) + [mix.joined(separator: "\u{0}"), target]
                + FilmEncoder.soundArguments)
    }

    private func soundText(_ parts: [StitchPart]) -> String {
        arguments(parts, \.asContent).arguments(sound: "sound").joined(separator: "\u{0}")
    }

    private func key(_ texts: [String]) -> String {
        StitchCache.key(of: (["sound 1", version] + texts).joined(separator: "\u{1}"))
    }
}
