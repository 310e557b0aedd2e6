import JobCore
import Synchronization

/// Makes the pictures of the parts of a film, or takes those that are kept from an earlier time.
struct PartMaker: Sendable {
    let plan: StitchPlan
    let encoder: FilmEncoder
    let sources: [MediaReference: StitchSource]
    let captions: StitchCaptions
    /// Absolute path of the folder for the parts.
    let folder: String
    let configuration: BackendConfiguration
    let cache: StitchCache?
    /// What the encoder is: other versions make other parts.
    let version: String
    let runner: ProcessRunner

    /// File names of a part in the folder.
    static func picture(_ index: Int) -> String { "p\(index).mp4" }
    private static func script(_ index: Int, _ track: Int) -> String { "p\(index)-\(track).ass" }

    /// ffmpeg's name of the demuxer for each part: MP4, unless clips are taken over as they are.
    private func demuxer(_ part: StitchPart) -> String {
        guard plan.isCopy, let take = part.takes.first else { return UndecodedInput.demuxer }
        return sources[plan.clips[take.clip].source]?.input.demuxer ?? UndecodedInput.demuxer
    }

    /// All of them, each once.
    var demuxers: [String] { Set(plan.parts.map(demuxer)).sorted() }

    /// The pictures of all parts, for looking at.
    ///
    /// - Parameter list: name of the list that they stand in.
    func reel(list: String) -> FilmReel {
        let pieces = plan.parts.enumerated().map {
            FilmReel.Piece(path: Self.picture($0), demuxer: demuxer($1), frameCount: $1.count)
        }
        var reel = FilmReel(
            pieces, opening: JoinList.arguments(list, demuxers), in: folder, rate: plan.rate, size: plan.size)
        // Our own parts are of the everyday kind, too.
        reel.isKnown =
            plan.isCopy
            ? plan.clips.allSatisfy { sources[$0.source]?.input.isKnown == true } : encoder.output.codec == .h264
        return reel
    }

    /// Takes all parts that are kept.
    ///
    /// - Returns: those that are not, in order.
    func takeKept(_ progress: StitchProgress) async throws -> [Int] {
        guard let cache else { return Array(plan.parts.indices) }
        var missing: [Int] = []
        for index in plan.parts.indices {
            let key = key(index, captions.scripts(for: plan.parts[index], of: plan))
            let path = "\(folder)/\(Self.picture(index))"
            if (try? await BlockingWork.run { cache.take(key, .picture, as: path) }) == true {
                progress.keep(frames: plan.parts[index].count)
            } else {
                missing.append(index)
            }
        }
        return missing
    }

    /// Processors for each of several parts, of which `width` are made at a time: the last ones share what is free.
    static func threads(_ position: Int, of count: Int, width: Int) -> Int {
        let last = count % width
        return last > 0 && position >= count - last ? width / last : 1
    }

    /// Makes one part.
    func make(
        _ index: Int, threads: Int, _ progress: StitchProgress, _ report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws {
        let part = plan.parts[index]
        let scripts = captions.scripts(for: part, of: plan)
        for (track, script) in scripts.enumerated() {
            let path = "\(folder)/\(Self.script(index, track))"
            try await BlockingWork.run { try ScratchFile.write(script, to: path) }
        }
        let names = scripts.indices.map { Self.script(index, $0) }
        let arguments = self.arguments(index, names).arguments(picture: Self.picture(index), threads: threads)
        let command = ProcessCommand(configuration.ffmpeg, arguments, in: folder)
        let frames = Mutex(0)
        let outcome = try await runner.run(command, report: report) { line in
            guard line.hasPrefix("frame="), let count = Int(line.dropFirst("frame=".count)) else { return }
            frames.withLock { $0 = count }
            progress.part(index, frames: min(count, part.count))
        }
        try outcome.requireSuccess(of: command)
        // A part counts only with all its frames: ffmpeg's exit code does not tell.
        let made = frames.withLock { $0 }
        guard made == part.count else {
            throw Failure(.ffmpegError, "Part \(index + 1) has \(made) frames, planned were \(part.count).")
        }
        progress.part(index, frames: part.count)
        let (key, cache, path) = (key(index, scripts), cache, "\(folder)/\(Self.picture(index))")
        try? await BlockingWork.run { cache?.keep(key, .picture, path) }
    }

    private func arguments(_ index: Int, _ captions: [String]) -> PartArguments {
        let part = plan.parts[index]
        return PartArguments(
            plan: plan, part: part, encoder: encoder,
            inputs: part.takes.compactMap { sources[plan.clips[$0.clip].source]?.input },
            captions: captions)
    }

    /// What a part is made from: its arguments with contents in place of paths, its captions, and the encoder.
    private func key(_ index: Int, _ scripts: [[UInt8]]) -> String {
        let part = plan.parts[index]
        let contents = part.takes.compactMap { sources[plan.clips[$0.clip].source]?.asContent }
        let arguments = PartArguments(
            plan: plan, part: part, encoder: encoder, inputs: contents,
            captions: scripts.indices.map { "captions\($0)" })
        var hash = SHA256()
        let words = ["picture 1", version] + arguments.arguments(picture: "picture", threads: 0)
        hash.update(Array(words.joined(separator: "\u{0}").utf8))
        for script in scripts {
            hash.update(Array("\u{0}\(script.count)\u{0}".utf8))
            hash.update(script)
        }
        return hash.finished()
    }
}
