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
        let (path, digest) = try await locate(reference, pointer)
        let cache = cache
        let (file, read, remembered) = try await BlockingWork.run {
            let file = try SourceFile(path, pointer: pointer)
            return (file, file.format == .mov ? MovieFile.index(of: path) : nil, cache?.probe(of: file.version))
        }
        let known = read.flatMap(SourceFacts.init)
        func source(_ facts: SourceFacts, _ content: String) -> StitchSource {
            StitchSource(
                input: file.input(isKnown: known != nil), facts: facts, content: content, sound: read?.sound)
        }
        if let remembered, let facts = known ?? SourceFacts(probe: remembered.answer) {
            return source(facts, remembered.content)
        }
        // Each job gets a copy of its own of the files that came with it: the content is looked up, too.
        let content: String
        if let digest { content = digest } else { content = try await Self.digest(of: path, pointer) }
        let (probe, facts) = try await look(file, known, content, pointer, report)
        try? await BlockingWork.run { cache?.remember(probe, of: file.version) }
        return source(facts, content)
    }

    /// What the file's own index says, where it is of the everyday kind; else what ffprobe says or once said.
    private func look(
        _ file: SourceFile, _ known: SourceFacts?, _ content: String, _ pointer: String,
        _ report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> (StitchCache.Probe, SourceFacts) {
        if let known { return (StitchCache.Probe(answer: "", content: content), known) }
        let (name, cache) = ("\(content) \(file.format.demuxer)", cache)
        if let kept = try? await BlockingWork.run({ cache?.probe(of: name) }),
            let facts = SourceFacts(probe: kept.answer)
        {
            return (kept, facts)
        }
        let probe = StitchCache.Probe(answer: try await ask(file, pointer, report), content: content)
        guard let facts = SourceFacts(probe: probe.answer) else {
            throw Failure(.invalidJob, "\(pointer): the file cannot be read as a film or sound.")
        }
        try? await BlockingWork.run { cache?.remember(probe, of: name) }
        return (probe, facts)
    }

    /// What ffprobe says.
    private func ask(
        _ file: SourceFile, _ pointer: String, _ report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> String {
        let command = ProcessCommand(
            configuration.ffprobe, SourceFacts.probeArguments(opening: file.input(isKnown: false).probeArguments),
            in: request.scratch)
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
