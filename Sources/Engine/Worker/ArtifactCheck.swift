import Backends
import JobCore
import Spool

/// The last step before done: only a file that passed the gate and was hashed becomes an artifact.
///
/// A file that the backend calls finished is looked at while the backend goes on with others.
struct ArtifactCheck: Sendable {
    /// What was found out about a file before its backend was over.
    private struct Look: Sendable {
        let file: ProducedFile
        let media: MediaFacts?
        let digest: FileDigest
    }

    let folder: SpoolFolder
    let gate: FilmGate
    /// The folder that the backend writes into, as a path in the spool.
    let scratch: String

    /// Has files made, and checks each. A finished one that fails its check ends the making of the others.
    ///
    /// - Parameter produce: makes them; told whom to tell of a finished one.
    /// - Throws: what `produce` throws; `invalid_video`, `ffmpeg_error`, `config_error`; `CancellationError`.
    func artifacts(
        _ produce:
            @escaping @Sendable (_ finished: @escaping @Sendable (ProducedFile) -> Void) async throws ->
            [ProducedFile]
    ) async throws -> [Artifact] {
        let (finished, told) = AsyncStream<ProducedFile>.makeStream()
        async let making = {
            defer { told.finish() }
            return try await produce { told.yield($0) }
        }()
        // First: where it fails, the making is cancelled, and waited for.
        let early = try await looks(at: finished)
        let produced = try await making
        try Task.checkCancellation()
        var artifacts: [Artifact] = []
        for file in produced {
            let look: Look
            if let known = early.first(where: { $0.file == file }) {
                look = known
            } else {
                look = try await self.look(at: file)
            }
            try await gate.requirePictures(of: file, in: folder.absolute(scratch))
            artifacts.append(
                Artifact(
                    name: file.name, kind: file.kind, bytes: look.digest.bytes, sha256: look.digest.sha256,
                    media: look.media, poster: file.poster, contactSheet: file.contactSheet))
        }
        return artifacts
    }

    private func looks(at files: AsyncStream<ProducedFile>) async throws -> [Look] {
        var looks: [Look] = []
        for await file in files { looks.append(try await look(at: file)) }
        return looks
    }

    private func look(at file: ProducedFile) async throws -> Look {
        let (files, path) = (folder.files, "\(scratch)/\(file.name)")
        async let hashing = BlockingWork.run { try files.digest(path) }
        let media = try await gate.facts(of: file, in: folder.absolute(scratch))
        return Look(file: file, media: media, digest: try await hashing)
    }
}
