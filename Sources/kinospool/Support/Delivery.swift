import Foundation
import Glibc
import JobCore
import Spool

/// Hands the finished file of a job to the user.
struct Delivery: Sendable {
    let session: Session
    let folder: SpoolFolder
    /// Files that are there may be replaced.
    let isForced: Bool

    /// Prints where the film is, after copying it where it was asked for; tells why there is none.
    func deliver(_ sight: JobWatch.Sight, to place: TargetOptions.Place) async throws {
        guard let view = sight.view, view.state == .done else { return report(sight) }
        guard let index = Self.main(view.artifacts) else {
            return session.console.note("\(JobLabel.text(view.id)) made no file.")
        }
        let path = try await BlockingWork.run { [self] in
            let source = try stored(view, index)
            switch place {
            case .spool: return source
            case .file(let path): return try copied(source, to: path)
            case .folder(let path): return try copied(source, to: "\(path)/\(LocalPath.name(source))")
            }
        }
        if session.console.isJSON {
            let json = view.json(at: Timestamp.now(), policy: session.settings.policy, storage: session.storage)
            var fields = json.object ?? [:]
            fields["event"] = "result"
            fields["file"] = .string(path)
            session.console.data(.object(fields))
        } else {
            session.console.data(path)
        }
    }

    /// The film, else the sound, else whatever there is.
    static func main(_ artifacts: [Artifact]) -> Int? {
        artifacts.firstIndex { $0.kind == .video } ?? artifacts.firstIndex { $0.kind == .audio }
            ?? artifacts.indices.first
    }

    private func report(_ sight: JobWatch.Sight) {
        guard let view = sight.view, !sight.isGone else {
            return session.console.report(CommandError.noSuchJob(sight.id.text))
        }
        let failure = view.error ?? Failure(.internalError, "It ended without a reason.")
        session.console.report(
            CommandError(
                Awaiting.exit(for: [sight]), failure.code.rawValue,
                "\(JobLabel.text(view.id)) \(view.state.rawValue): \(failure.message)",
                hint: failure.hint, isRetryable: failure.isRetryable))
    }

    /// The link with the human name, else the file in the job's own folder.
    private func stored(_ view: JobView, _ index: Int) throws -> String {
        let artifact = view.artifacts[index]
        let file = "\(SpoolLayout.scratch(view.id, attempt: view.attempt))/\(artifact.name)"
        if let name = FilmName.text(id: view.id, prompt: view.prompt, artifact: artifact, index: index) {
            let link = "\(SpoolLayout.films)/\(name)"
            let target = SpoolLayout.filmTarget(view.id, attempt: view.attempt, name: artifact.name)
            if try folder.files.linkTarget(link) == target { return folder.absolute(link) }
        }
        return folder.absolute(file)
    }

    /// Copies beside the target and gives it its name in one step, so that no half film ever has it.
    private func copied(_ source: String, to path: String) throws -> String {
        let file = LocalPath.resolved(source) ?? source
        let half = "\(LocalPath.folder(path))/.\(LocalPath.name(path)).\(UInt32.random(in: 0 ... .max)).part"
        defer { unlink(half) }
        do {
            try FileManager.default.copyItem(atPath: file, toPath: half)
        } catch {
            throw Failure(
                .internalError, "\(path) cannot be written: \(error.localizedDescription)",
                hint: "The film is safe in \(source).")
        }
        // A link fails where the name is taken; a rename would replace it.
        let result = isForced ? rename(half, path) : link(half, path)
        guard result == 0 else {
            let isTaken = errno == EEXIST
            throw CommandError(
                .failed, isTaken ? "file_exists" : FailureCode.internalError.rawValue,
                "\(path) cannot be written: \(String(cString: strerror(errno))).",
                hint: "The film is safe in \(source)." + (isTaken ? " Replace the other: --force." : ""))
        }
        return path
    }
}
