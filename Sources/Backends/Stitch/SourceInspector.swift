import JobCore

/// Finds the sources of a film, and looks at each before anything else opens it.
struct SourceInspector: Sendable {
    let request: BackendRequest
    let configuration: BackendConfiguration
    let runner: ProcessRunner
    let cache: StitchCache?
    /// Absolute path of the folder for what is fetched.
    let folder: String

    /// All sources that are films or sounds, looked at `width` at a time.
    ///
    /// - Throws: `invalid_job`, `config_error`, `dependency_failed` with the JSON pointer of the offender.
    func inspect(
        _ sources: [(reference: MediaReference, pointer: String)], width: Int,
        report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> [MediaReference: StitchSource] {
        let found = try await SideBySide.map(sources, width: width) { source in
            try await inspect(source.reference, source.pointer, report)
        }
        return Dictionary(zip(sources.map(\.reference), found)) { first, _ in first }
    }

    /// Absolute path of a source, and its hash where it is known.
    ///
    /// - Parameter limit: most bytes that are fetched for it.
    func locate(
        _ reference: MediaReference, _ pointer: String, limit: Int64 = RemoteInput.largestFile
    ) async throws -> (path: String, content: String?) {
        switch reference {
        case .job(let id, let name):
            let artifact = try artifact(of: id, named: name, pointer)
            return (artifact.path, artifact.sha256.isEmpty ? nil : artifact.sha256)
        case .file(let text):
            let source = try InputSource(text, pointer: pointer)
            let path = try await source.located(
                request, configuration, into: folder, limit: limit, pointer: pointer)
            return (path, nil)
        }
    }

    private func artifact(of id: JobID, named name: String?, _ pointer: String) throws -> NeededArtifact {
        let artifacts = request.needed[id] ?? []
        if let name {
            guard let artifact = artifacts.first(where: { $0.name == name }) else {
                throw Failure(.dependencyFailed, "\(pointer): the job \(id) made nothing that is called \(name).")
            }
            return artifact
        }
        let films = artifacts.first { $0.kind == .video } ?? artifacts.first { $0.kind == .audio }
        guard let film = films else {
            throw Failure(.dependencyFailed, "\(pointer): the job \(id) made no film and no sound.")
        }
        return film
    }

    private func inspect(
        _ reference: MediaReference, _ pointer: String, _ report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> StitchSource {
        let (path, known) = try await locate(reference, pointer)
        let cache = cache
        let (file, remembered) = try await BlockingWork.run {
            let file = try SourceFile(path, pointer: pointer)
            return (file, cache?.probe(of: file.version))
        }
        if let remembered, let facts = SourceFacts(probe: remembered.answer) {
            return StitchSource(input: file.input, facts: facts, content: remembered.content)
        }
        // Each job gets a copy of its own of the files that came with it: the content is looked up, too.
        let content: String
        if let known { content = known } else { content = try await Self.digest(of: path, pointer) }
        let name = "\(content) \(file.format.demuxer)"
        let probe: StitchCache.Probe
        if let kept = try? await BlockingWork.run({ cache?.probe(of: name) }) {
            probe = kept
        } else {
            probe = StitchCache.Probe(answer: try await ask(file, pointer, report), content: content)
        }
        guard let facts = SourceFacts(probe: probe.answer) else {
            throw Failure(.invalidJob, "\(pointer): the file cannot be read as a film or sound.")
        }
        try? await BlockingWork.run {
            cache?.remember(probe, of: file.version)
            cache?.remember(probe, of: name)
        }
        return StitchSource(input: file.input, facts: facts, content: content)
    }

    /// What ffprobe says.
    private func ask(
        _ file: SourceFile, _ pointer: String, _ report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> String {
        let command = ProcessCommand(
            configuration.ffprobe, SourceFacts.probeArguments(opening: file.input.probeArguments), in: request.scratch)
        let (outcome, text) = try await runner.collect(command, report: report)
        guard outcome.isSuccess else {
            throw Failure(.invalidJob, "\(pointer): the file cannot be read as a film or sound. \(outcome.lastLine)")
        }
        return text
    }

    private static func digest(of path: String, _ pointer: String) async throws -> String {
        try await BlockingWork.run { try SourceFile.digest(of: path, pointer: pointer) }
    }
}

extension StitchInput {
    /// ffprobe knows no threads.
    fileprivate var probeArguments: [String] {
        ["-protocol_whitelist", "file", "-f", demuxer, "-i", "file:\(path)"]
    }
}
