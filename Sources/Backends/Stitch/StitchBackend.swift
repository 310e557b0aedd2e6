public import JobCore
import Synchronization

/// Joins clips, captions and sound into one film with the ffmpeg command line.
///
/// Invariants:
/// 1. It works in `parts/` below its scratch folder, which is gone when `run` returns.
/// 2. The film gets its final name only after everything in it was counted; the gate proves it once more.
/// 3. ffmpeg opens only files that were looked at, by a named demuxer, and never an address.
public struct StitchBackend: Backend {
    public let lane = Lane.ffmpeg
    private let configuration: BackendConfiguration
    private let runner = ProcessRunner()

    public init(configuration: BackendConfiguration = BackendConfiguration()) { self.configuration = configuration }

    /// - Throws: `invalid_job` when timeline and sources do not fit; `dependency_failed`; `config_error` for what this
    ///   set-up cannot read; `ffmpeg_error`; `disk_full`; `CancellationError`.
    public func run(
        _ request: BackendRequest, report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> [ProducedFile] {
        guard case .export(let timeline) = request.work else {
            throw Failure(.configError, "The backend ffmpeg makes EXPORT jobs only.", hint: "Leave out \"backend\".")
        }
        let folder = "\(request.scratch)/\(StitchRun.folderName)"
        try await BlockingWork.run { try ScratchFile.makeFolder(folder) }
        let result: Result<[ProducedFile], any Error>
        do {
            let run = StitchRun(
                timeline: timeline, request: request, configuration: configuration, runner: runner, folder: folder,
                report: report)
            result = .success(try await run.make())
        } catch {
            result = .failure(error)
        }
        // Also when the task was cancelled: what is left would count as something that the job made.
        try? await BlockingWork.run { ScratchFile.removeFolder(folder) }
        return try result.get()
    }
}
