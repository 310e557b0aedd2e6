import JobCore

/// What is done at home with the files of a run before they are the job's: each step can be cut short, and begins again
/// without a second download.
struct RunPodFinish: Sendable {
    private let request: BackendRequest
    private let dresser: FilmDresser

    init(
        _ configuration: BackendConfiguration, _ request: BackendRequest,
        report: @escaping @Sendable (BackendEvent) -> Void
    ) {
        self.request = request
        dresser = FilmDresser(configuration, scratch: request.scratch, report: report)
    }

    /// - Parameter record: of a run whose files lie in the scratch folder, as they came or with their recipes.
    /// - Throws: `CancellationError`; `Failure` when the new sizes cannot be recorded.
    func files(of record: RemoteRecord) async throws -> [ProducedFile] {
        let record = try await embedded(record)
        var produced: [ProducedFile] = []
        for file in record.files {
            // The first film stands for the job.
            let isFirst = file.kind == .video && !produced.contains { $0.kind == .video }
            let pictures = isFirst ? try await dresser.pictures(of: file.name) : nil
            produced.append(
                ProducedFile(
                    name: file.name, kind: file.kind, poster: pictures?.poster, contactSheet: pictures?.contactSheet))
        }
        return produced
    }

    /// Puts the recipe into films and sounds. The record gets their new sizes before what came is removed.
    private func embedded(_ record: RemoteRecord) async throws -> RemoteRecord {
        guard let recipe = request.recipe else { return record }
        var record = record
        var changed: [String] = []
        for (index, file) in record.files.enumerated() where file.kind == .video || file.kind == .audio {
            let path = "\(request.scratch)/\(file.name)"
            let original = "\(request.scratch)/\(FilmDresser.originalName(file.name))"
            let (size, hasOriginal) = try await BlockingWork.run {
                (ScratchFile.size(of: path), ScratchFile.size(of: original) != nil)
            }
            if hasOriginal, size == file.bytes {
                // Recorded, and cut short before the original went.
                changed.append(file.name)
                continue
            }
            guard try await dresser.embed(recipe, in: file.name) else { continue }
            let bytes = try await BlockingWork.run { ScratchFile.size(of: path) }
            record.files[index] = RemoteRecord.File(name: file.name, kind: file.kind, bytes: bytes ?? file.bytes)
            changed.append(file.name)
        }
        guard !changed.isEmpty else { return record }
        try await request.remember(record)
        try await dresser.forgetOriginals(of: changed)
        return record
    }
}
