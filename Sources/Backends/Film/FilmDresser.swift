import JobCore

/// Gives a film or a sound that came from elsewhere what all films here have: its recipe, a poster, a contact sheet.
///
/// Nothing is encoded anew. Where ffmpeg cannot do it the file stays as it came, with a warning: it was paid for.
///
/// Invariants:
/// 1. From the moment the file changes until `forgetOriginals` its bytes as they came lie beside it (`originalName`).
/// 2. Whoever finds both begins again from the original.
struct FilmDresser: Sendable {
    let configuration: BackendConfiguration
    /// Absolute path of the folder that the files are in.
    let scratch: String
    let report: @Sendable (BackendEvent) -> Void
    private let runner = ProcessRunner()

    init(_ configuration: BackendConfiguration, scratch: String, report: @escaping @Sendable (BackendEvent) -> Void) {
        (self.configuration, self.scratch, self.report) = (configuration, scratch, report)
    }

    /// Where the bytes lie as they came.
    static func originalName(_ name: String) -> String { "as-it-came.\(name)" }

    /// Puts the recipe into the file.
    ///
    /// - Throws: `CancellationError`; `Failure` when the file could not get its name back.
    /// - Returns: false when it stayed as it was.
    func embed(_ recipe: Recipe, in name: String) async throws -> Bool {
        let comment = FilmComment(recipe: recipe)
        guard comment.text != nil, let container = try await container(of: name), let muxer = container.muxer else {
            report(.warning(comment.warning ?? "\(name) carries no recipe: its kind of file holds none."))
            return false
        }
        let (path, original) = ("\(scratch)/\(name)", "\(scratch)/\(Self.originalName(name))")
        let (part, text) = ("\(scratch)/part.\(name)", "\(scratch)/\(FilmComment.fileName)")
        do {
            try await BlockingWork.run {
                if ScratchFile.size(of: original) == nil { try ScratchFile.rename(path, to: original) }
                try ScratchFile.write(comment.bytes, to: text)
            }
            let arguments = Self.arguments(container.demuxer, muxer, from: original, to: part, scratch: scratch)
            let copying = ProcessCommand(configuration.ffmpeg, arguments, in: scratch)
            try await runner.run(copying, report: report).requireSuccess(of: copying)
            try await requireSame(Self.originalName(name), "part.\(name)")
            try await BlockingWork.run {
                try ScratchFile.rename(part, to: path)
                ScratchFile.removeBestEffort(text)
            }
            return true
        } catch {
            try await BlockingWork.run {
                ScratchFile.removeBestEffort(part)
                ScratchFile.removeBestEffort(text)
                try ScratchFile.rename(original, to: path)
            }
            if error is CancellationError { throw error }
            let why = (error as? Failure)?.message ?? "\(error)"
            report(.warning("\(name) carries no recipe: \(why)"))
            return false
        }
    }

    /// The files are recorded as they are now.
    func forgetOriginals(of names: [String]) async throws {
        let paths = names.map { "\(scratch)/\(Self.originalName($0))" }
        try await BlockingWork.run { for path in paths { ScratchFile.removeBestEffort(path) } }
    }

    /// Takes the film's still pictures; nil, after a warning, where that cannot be.
    ///
    /// - Throws: `CancellationError` alone.
    func pictures(of name: String) async throws -> (poster: String, contactSheet: String)? {
        do {
            guard let probe = try await probe(name), let video = probe.video, video.packetCount > 0,
                let demuxer = try await container(of: name)?.demuxer,
                let size = FrameSize(width: video.width ?? 0, height: video.height ?? 0)
            else {
                report(.warning("There are no still pictures of \(name): ffprobe does not say what it is."))
                return nil
            }
            let seconds = video.duration ?? probe.duration ?? 0
            let rate = video.framesPerSecond ?? (seconds > 0 ? Double(video.packetCount) / seconds : 24)
            let film = FilmReel(
                name, in: scratch, frameCount: video.packetCount, rate: FrameRate(rate), size: size, demuxer: demuxer)
            try await StillPhotographer(ffmpeg: configuration.ffmpeg, runner: runner, scratch: scratch)
                .take(film, report: report)
            return (StillPhotographer.posterName, StillPhotographer.contactSheetName)
        } catch let failure as Failure {
            report(.warning("There are no still pictures of \(name): \(failure.message)"))
            try await BlockingWork.run { [scratch] in
                for picture in [StillPhotographer.posterName, StillPhotographer.contactSheetName] {
                    ScratchFile.removeBestEffort("\(scratch)/\(picture)")
                }
            }
            return nil
        }
    }

    /// A file that ffmpeg copied without an error may still lack what it did not understand.
    private func requireSame(_ name: String, _ other: String) async throws {
        let (before, after) = (try await probe(name), try await probe(other))
        guard before?.video?.packetCount == after?.video?.packetCount,
            before?.audio?.packetCount == after?.audio?.packetCount, after != nil
        else { throw Failure(.ffmpegError, "the copy with it is not whole.") }
    }

    private func probe(_ name: String) async throws -> ProbeReport? {
        let command = ProcessCommand(
            configuration.ffprobe, ProbeReport.arguments(path: "\(scratch)/\(name)"), in: scratch)
        let (outcome, text) = try await runner.collect(command) { _ in }
        return outcome.isSuccess ? ProbeReport(text) : nil
    }

    private func container(of name: String) async throws -> MediaContainer? {
        let paths = ["\(scratch)/\(Self.originalName(name))", "\(scratch)/\(name)"]
        return try await BlockingWork.run {
            for path in paths {
                let length = MediaContainer.headLength
                guard let head = try? FileHead(of: path, length: length, pointer: name) else { continue }
                return MediaContainer(head.bytes)
            }
            return nil
        }
    }

    /// Everything after the program's name.
    static func arguments(
        _ demuxer: String, _ muxer: String, from original: String, to part: String, scratch: String
    ) -> [String] {
        let index = demuxer == "mov" ? ["-movflags", "+faststart"] : []
        return ["-v", "error", "-nostdin", "-y", "-protocol_whitelist", "file", "-f", demuxer]
            + ["-i", "file:\(original)"] + FilmComment.input(scratch: scratch)
            + ["-map", "0:v?", "-map", "0:a?", "-map", "0:s?", "-c", "copy"] + FilmComment.output(index: 1)
            + ["-fflags", "+bitexact"] + index + ["-f", muxer, "file:\(part)"]
    }
}
