public import JobCore

/// The last look at what a backend made, before a job may be called done: a film that does not play is a failure.
public struct FilmGate: Sendable {
    private let configuration: BackendConfiguration
    private let runner = ProcessRunner()

    public init(configuration: BackendConfiguration = BackendConfiguration()) { self.configuration = configuration }

    /// Checks one file, without its pictures: films and sound have a length and decode at their end, films are what was
    /// promised, pictures are not empty, data exists.
    ///
    /// - Parameter scratch: absolute path of the folder that the file is in.
    /// - Returns: what was found in a film or sound, nil for pictures and data.
    /// - Throws: `invalid_video` with the reason; `config_error` when ffprobe is not installed; `CancellationError`.
    public func facts(of file: ProducedFile, in scratch: String) async throws -> MediaFacts? {
        try await requireFile(file.name, in: scratch, mayBeEmpty: file.kind == .data)
        switch file.kind {
        case .video:
            let index = try await index(of: file.name, in: scratch)
            async let end: Void = decodeEnd(file.name, in: scratch, isKnown: index != nil)
            let report = if let index { ProbeReport(index) } else { try await probe(file.name, in: scratch) }
            let facts = try Self.filmFacts(report, promise: file.promise, name: file.name)
            try await end
            if let proof = file.promise?.film { try await prove(proof, report, file.name, in: scratch) }
            return facts
        case .audio:
            let index = try await index(of: file.name, in: scratch)
            let report = if let index { ProbeReport(index) } else { try await probe(file.name, in: scratch) }
            let facts = try Self.soundFacts(report, name: file.name)
            try await decodeEnd(file.name, in: scratch, isKnown: index != nil)
            return facts
        case .image, .data: return nil
        }
    }

    /// That the pictures which stand for a file are there.
    ///
    /// - Parameter scratch: absolute path of the folder that they are in.
    /// - Throws: `invalid_video` with the reason.
    public func requirePictures(of file: ProducedFile, in scratch: String) async throws {
        for picture in [file.poster, file.contactSheet].compactMap({ $0 }) {
            try await requireFile(picture, in: scratch, mayBeEmpty: false)
        }
    }

    private func prove(_ proof: FilmProof, _ report: ProbeReport, _ name: String, in scratch: String) async throws {
        let broken = proof.findings(report)
        guard broken.isEmpty else {
            throw Failure(.ffmpegError, "The film \(name) is not what was planned: \(broken.joined(separator: "; ")).")
        }
        guard proof.beginsWithIndex else { return }
        let path = "\(scratch)/\(name)"
        guard try await BlockingWork.run({ IndexPosition.isFirst(in: path) }) else {
            throw Failure(.ffmpegError, "The film \(name) has its index at the end.")
        }
    }

    private func requireFile(_ name: String, in scratch: String, mayBeEmpty: Bool) async throws {
        guard PlainName.isLegal(name) else { throw Failure(.invalidVideo, "\"\(name)\" is no plain file name.") }
        let size = try await BlockingWork.run { ScratchFile.size(of: "\(scratch)/\(name)") }
        guard let size else { throw Failure(.invalidVideo, "\(name) was not made.") }
        guard size > 0 || mayBeEmpty else { throw Failure(.invalidVideo, "\(name) is empty.") }
    }

    /// The file's own index, where it is of the everyday kind and promises no frame that is not there; else ffprobe
    /// counts.
    private func index(of name: String, in scratch: String) async throws -> MovieIndex? {
        try await BlockingWork.run { MovieFile.index(of: "\(scratch)/\(name)") }
    }

    private func probe(_ name: String, in scratch: String) async throws -> ProbeReport {
        let command = ProcessCommand(
            configuration.ffprobe, ProbeReport.arguments(path: "\(scratch)/\(name)"), in: scratch)
        let (outcome, text) = try await runner.collect(command) { _ in }
        guard outcome.isSuccess, let report = ProbeReport(text) else {
            throw Failure(.invalidVideo, "\(name) is no media file: \(outcome.lastLine)")
        }
        return report
    }

    /// A file cut short often keeps a good header: only decoding its end tells. Edges between blocks need not be
    /// smoothed for that.
    ///
    /// - Parameter isKnown: the file's index tells all that a decoder must know.
    private func decodeEnd(_ name: String, in scratch: String, isKnown: Bool) async throws {
        let arguments =
            ["-v", "error", "-nostdin", "-xerror", "-protocol_whitelist", "file", "-skip_loop_filter", "all"]
            + (isKnown ? UndecodedInput.unprobed : []) + ["-sseof", "-1", "-i", "file:\(scratch)/\(name)"]
            + ["-map", "0:v:0?", "-map", "0:a:0?", "-f", "null", "-"]
        let outcome = try await runner.run(ProcessCommand(configuration.ffmpeg, arguments, in: scratch)) { _ in }
        guard outcome.isSuccess else {
            throw Failure(.invalidVideo, "\(name) does not decode at its end: \(outcome.lastLine)")
        }
    }

    /// The facts of a film that keeps its promise.
    static func filmFacts(
        _ report: ProbeReport, promise: ProducedFile.Promise?, name: String
    ) throws(Failure) -> MediaFacts {
        func require(_ condition: Bool, _ reason: String) throws(Failure) {
            if !condition { throw Failure(.invalidVideo, "\(name) \(reason).") }
        }
        guard let video = report.video else { throw Failure(.invalidVideo, "\(name) has no picture.") }
        try require(video.packetCount > 0, "has no frames")
        // The last packet of sound may lie behind the end that the file itself names; it is not read then.
        for (stream, spare) in [(video, 0), (report.audio, 1)] {
            guard let stream, let declared = stream.declaredCount else { continue }
            try require(
                stream.packetCount + spare >= declared,
                "holds \(stream.packetCount) of \(declared) packets: it is cut short")
        }
        guard let duration = video.duration ?? report.duration, duration > 0 else {
            throw Failure(.invalidVideo, "\(name) has no length.")
        }
        if let promise {
            try require(
                video.width == promise.size.width && video.height == promise.size.height,
                "is \(video.width ?? 0)x\(video.height ?? 0), asked was \(promise.size)")
            // A container counts in its own ticks: one millisecond more than one frame.
            let tolerance = 1 / promise.framesPerSecond + 0.001
            try require(
                abs(duration - promise.duration) <= tolerance,
                "lasts \(DecimalText.short(duration)) s, asked was \(DecimalText.short(promise.duration)) s")
        }
        return MediaFacts(
            duration: duration, width: video.width, height: video.height, framesPerSecond: video.framesPerSecond,
            videoCodec: video.codec, audioCodec: report.audio?.codec)
    }

    /// The facts of a sound file.
    static func soundFacts(_ report: ProbeReport, name: String) throws(Failure) -> MediaFacts {
        guard let audio = report.audio else { throw Failure(.invalidVideo, "\(name) has no sound.") }
        guard let duration = audio.duration ?? report.duration, duration > 0, audio.packetCount > 0 else {
            throw Failure(.invalidVideo, "\(name) has no length.")
        }
        return MediaFacts(duration: duration, audioCodec: audio.codec)
    }
}
