import JobCore
import Synchronization

/// Takes the poster and the contact sheet of a film that was just made, in its scratch folder.
struct StillPhotographer: Sendable {
    /// What it makes, in the scratch folder.
    static let posterName = "poster.jpg", contactSheetName = "contact.jpg"

    let ffmpeg: String
    let runner: ProcessRunner
    /// The poster's frame; nil for two fifths into the film.
    var posterFrame: Int?
    var takesPoster = true, takesContactSheet = true

    /// Makes both pictures, and warns of a film that is all black.
    ///
    /// - Parameters:
    ///   - name: the film's file name in the scratch folder, final or not.
    ///   - frameCount: at least 1; with the rate it gives the length.
    ///   - scratch: absolute path.
    /// - Throws: `ffmpeg_error`, `disk_full`, `config_error`, `CancellationError`.
    /// - Returns: what the film looks like.
    @discardableResult
    func take(
        _ name: String, frameCount: Int, rate: FrameRate, size: FrameSize, in scratch: String,
        report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> FilmLook {
        let film = "\(scratch)/\(name)"
        if takesPoster {
            let poster = Poster(
                film: film, picture: "\(scratch)/\(Self.posterName)", frameCount: frameCount, rate: rate,
                frame: posterFrame)
            let taking = ProcessCommand(ffmpeg, poster.arguments, in: scratch)
            try await runner.run(taking, report: report).requireSuccess(of: taking)
        }
        guard takesContactSheet else { return FilmLook() }
        func sheet(decodesWhole: Bool?) -> ContactSheet {
            ContactSheet(
                film: film, picture: "\(scratch)/\(Self.contactSheetName)", duration: rate.seconds(frameCount),
                frameCount: frameCount, size: size, decodesWhole: decodesWhole)
        }
        let quick = sheet(decodesWhole: nil)
        var look = try await lay(quick, in: scratch, report: report)
        // A film that begins in the dark may have no other keyframe: only all its frames prove that it is black.
        if look.isBlack, !quick.decodesWhole {
            look = try await lay(sheet(decodesWhole: true), in: scratch, report: report)
        }
        if let warning = look.warning { report(.warning(warning)) }
        return look
    }

    private func lay(
        _ sheet: ContactSheet, in scratch: String, report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> FilmLook {
        let command = ProcessCommand(ffmpeg, sheet.arguments, in: scratch)
        let look = Mutex(FilmLook())
        try await runner.run(command, report: report) { line in look.withLock { $0.take(line) } }
            .requireSuccess(of: command)
        return look.withLock { $0 }
    }
}
