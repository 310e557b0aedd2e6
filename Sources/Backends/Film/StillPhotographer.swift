import JobCore
import Synchronization

/// Takes the poster and the contact sheet of a film that was just made.
struct StillPhotographer: Sendable {
    /// What it makes, in the scratch folder.
    static let posterName = "poster.jpg", contactSheetName = "contact.jpg"

    let ffmpeg: String
    let runner: ProcessRunner
    /// Absolute path of the folder to write into.
    let scratch: String

    /// Makes both pictures, and warns of a film that is all black.
    ///
    /// - Throws: `ffmpeg_error`, `disk_full`, `config_error`, `CancellationError`.
    /// - Returns: what the film looks like.
    @discardableResult
    func take(_ film: FilmReel, report: @escaping @Sendable (BackendEvent) -> Void) async throws -> FilmLook {
        try await takePoster(of: film, report: report)
        return try await takeContactSheet(of: film, report: report)
    }

    /// - Parameter frame: nil for a typical one.
    func takePoster(
        of film: FilmReel, at frame: Int? = nil, report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws {
        let poster = Poster(film: film, picture: "\(scratch)/\(Self.posterName)", frame: frame)
        let command = ProcessCommand(ffmpeg, poster.arguments, in: film.folder)
        try await runner.run(command, report: report).requireSuccess(of: command)
    }

    /// Lays the sheet, and warns of a film that is all black.
    @discardableResult
    func takeContactSheet(
        of film: FilmReel, report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> FilmLook {
        let picture = "\(scratch)/\(Self.contactSheetName)"
        let quick = ContactSheet(of: film, picture: picture)
        var look = try await lay(quick, report: report)
        // A film that begins in the dark may have no other keyframe: only all its frames prove that it is black.
        if look.isBlack, !quick.decodesWhole {
            look = try await lay(ContactSheet(of: film, picture: picture, decodesWhole: true), report: report)
        }
        if let warning = look.warning { report(.warning(warning)) }
        return look
    }

    private func lay(
        _ sheet: ContactSheet, report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> FilmLook {
        let command = ProcessCommand(ffmpeg, sheet.arguments, in: sheet.film.folder)
        let look = Mutex(FilmLook())
        try await runner.run(command, report: report) { line in look.withLock { $0.take(line) } }
            .requireSuccess(of: command)
        return look.withLock { $0 }
    }
}
