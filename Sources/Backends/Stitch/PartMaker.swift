import JobCore
import Synchronization

/// Makes the parts of a film, or takes those that are kept from an earlier time.
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
    static func sound(_ index: Int) -> String { "p\(index).wav" }
    private static func script(_ index: Int, _ track: Int) -> String { "p\(index)-\(track).ass" }

    /// All parts, some at the same time.
    ///
    /// - Parameter width: processors to use.
    func makeAll(width: Int, _ progress: StitchProgress, report: @escaping @Sendable (BackendEvent) -> Void)
        async throws
    {
        let lanes = max(1, min(width, plan.parts.count))
        let threads = max(1, width / lanes)
        _ = try await SideBySide.map(Array(plan.parts.indices), width: lanes) { index in
            try await make(index, threads: threads, progress, report)
        }
    }

    private func make(
        _ index: Int, threads: Int, _ progress: StitchProgress, _ report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws {
        let part = plan.parts[index]
        let (picture, sound) = ("\(folder)/\(Self.picture(index))", "\(folder)/\(Self.sound(index))")
        let scripts = captions.scripts(for: part, of: plan)
        let (key, cache) = (key(index, scripts), cache)
        if await Self.take(key, from: cache, picture, sound) {
            progress.keep(frames: part.count)
            return
        }
        for (track, script) in scripts.enumerated() {
            let path = "\(folder)/\(Self.script(index, track))"
            try await BlockingWork.run { try ScratchFile.write(script, to: path) }
        }
        let names = scripts.indices.map { Self.script(index, $0) }
        let arguments = self.arguments(index, names).arguments(
            picture: Self.picture(index), sound: Self.sound(index), threads: threads)
        let command = ProcessCommand(configuration.ffmpeg, arguments, in: folder)
        let frames = Mutex(0)
        let outcome = try await runner.run(command, report: report) { line in
            guard line.hasPrefix("frame="), let count = Int(line.dropFirst("frame=".count)) else { return }
            frames.withLock { $0 = count }
            progress.part(index, frames: min(count, part.count))
        }
        try outcome.requireSuccess(of: command)
        try await prove(index, frames: frames.withLock { $0 }, sound)
        progress.part(index, frames: part.count)
        try? await BlockingWork.run { cache?.keep(key, picture: picture, sound: sound) }
    }

    private static func take(_ key: String, from cache: StitchCache?, _ picture: String, _ sound: String) async -> Bool
    {
        guard let cache else { return false }
        return (try? await BlockingWork.run { cache.take(key, picture: picture, sound: sound) }) ?? false
    }

    /// A part counts only with all its frames and samples: ffmpeg's exit code does not tell.
    private func prove(_ index: Int, frames: Int, _ sound: String) async throws {
        let part = plan.parts[index]
        guard frames == part.count else {
            throw Failure(.ffmpegError, "Part \(index + 1) has \(frames) frames, planned were \(part.count).")
        }
        let samples = Int64(arguments(index, []).sampleCount)
        let size = try await BlockingWork.run { ScratchFile.size(of: sound) } ?? 0
        // Two channels of four bytes, after a header of less than a kilobyte.
        let extra = size - samples * 8
        guard (0..<1024).contains(extra) else {
            throw Failure(
                .ffmpegError, "The sound of part \(index + 1) has \(size) bytes, planned were \(samples) samples.")
        }
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
        let contents = part.takes.map { take in
            let source = sources[plan.clips[take.clip].source]
            return StitchInput(path: source?.content ?? "", demuxer: source?.input.demuxer ?? "")
        }
        let arguments = PartArguments(
            plan: plan, part: part, encoder: encoder, inputs: contents,
            captions: scripts.indices.map { "captions\($0)" })
        var hash = SHA256()
        let words = ["part 1", version] + arguments.arguments(picture: "picture", sound: "sound", threads: 0)
        hash.update(Array(words.joined(separator: "\u{0}").utf8))
        for script in scripts {
            hash.update(Array("\u{0}\(script.count)\u{0}".utf8))
            hash.update(script)
        }
        return hash.finished()
    }
}
