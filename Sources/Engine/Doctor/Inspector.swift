import Backends
public import JobCore
public import Spool

/// Everything that `kinospool doctor` looks at.
public struct Inspector: Sendable {
    private let folder: SpoolFolder
    private let settings: Settings
    private let examination: SpoolFolder.Examination

    public init(folder: SpoolFolder, settings: Settings, _ examination: SpoolFolder.Examination) {
        (self.folder, self.settings, self.examination) = (folder, settings, examination)
    }

    /// All findings, in the order of the checks.
    ///
    /// - Throws: `Failure` when the spool cannot be looked at.
    public func findings() async throws -> [Finding] {
        let spool = SpoolInspector(folder: folder, settings: settings, examination)
        var findings = try await BlockingWork.run { try spool.findings() }
        findings += try await index()
        let tools = MediaTools(in: folder.root)
        findings += await tools.ffmpeg()
        findings += [await tools.fonts(), await tools.speech()]
        findings += await runpod()
        findings += await storage()
        let order = Finding.Check.allCases
        return findings.enumerated().sorted { left, right in
            let places = [left, right].map { order.firstIndex(of: $0.element.check) ?? 0 }
            return (places[0], left.offset) < (places[1], right.offset)
        }.map(\.element)
    }

    private func index() async throws -> [Finding] {
        let catalog = JobCatalog(folder: folder)
        guard let wrong = try await catalog.differences() else {
            return [Finding(.index, .ok, "none that is whole; it is made when it is needed")]
        }
        guard let first = wrong.first else { return [Finding(.index, .ok, "it says what the files say")] }
        let text = "\(wrong.count) rows do not say what their files say, such as \(first)"
        guard examination.isRepairing else {
            return [Finding(.index, .problem, text, fix: "kinospool reindex", job: first, isRepairable: true)]
        }
        _ = try await catalog.rebuild()
        return [Finding(.index, .ok, "\(text): built anew")]
    }

    private func runpod() async -> [Finding] {
        guard let probe = RunPodProbe(settings.runpod) else {
            guard settings.runpod.key != nil || !settings.runpod.endpoints.isEmpty else {
                return [Finding(.runpod, .ok, "not set up")]
            }
            return [
                Finding(
                    .runpod, .problem, "a key without an endpoint, or an endpoint without a key",
                    fix: "set both RUNPOD_API_KEY and RUNPOD_ENDPOINT")
            ]
        }
        return await probe.findings()
    }

    private func storage() async -> [Finding] {
        let store = ArtifactStore(BackendConfiguration().withStorage(of: settings))
        guard store.isWanted else { return [Finding(.storage, .ok, "not set up")] }
        do {
            try await store.check()
            return [Finding(.storage, .ok, "\(store.place?.bucket ?? "the bucket") answers")]
        } catch let failure as Failure {
            return [Finding(.storage, .problem, failure.message, fix: failure.hint)]
        } catch {
            return [Finding(.storage, .problem, "\(error)", fix: "check AWS_ENDPOINT_URL and the key")]
        }
    }
}
