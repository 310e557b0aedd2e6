import Glibc
import JobCore

/// Brings the pieces of a result home into the scratch folder, each one under a name that tells what it is.
struct RunPodCollector: Sendable {
    let client: HTTPClient
    let retries: HTTPRetries
    /// How long an address may stand still.
    let limits: HTTPLimits
    /// The object storage of the settings, for results in buckets.
    var storage: StorageAccess?, storageProblem: Failure?

    /// The largest file that is fetched.
    static let largestFile: Int64 = 64 << 30

    /// What came of one collection.
    struct Outcome: Sendable {
        var files: [RemoteRecord.File] = []
        var warnings: [String] = []
    }

    /// A result that this set-up cannot reach: it waits for other settings.
    struct Unreachable: Error {
        let failure: Failure
    }

    /// - Parameter spilled: files of pieces that came inside the answer, by their placeholders.
    /// - Throws: `HTTPFailure` when an address could not be fetched now; `Unreachable`; `Failure` when the result is
    ///   worthless.
    func collect(
        _ output: RunPodOutput, spilled: [String: JSONSpill.File], for type: JobType, into scratch: String,
        report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> Outcome {
        var outcome = Outcome(warnings: output.warnings)
        var unfit: [String] = []
        var unreachable: Unreachable?
        for (index, piece) in output.pieces.enumerated() {
            let name = "piece-\(index + 1)"
            let path = "\(scratch)/\(name)"
            switch piece {
            case .inline(let text, _): try await BlockingWork.run { try Self.decode(text, to: path) }
            case .url(let url): try await fetch(url, to: path, report: report)
            case .spilled(let placeholder):
                // By a second name: a later try, after a later piece broke, finds the first one.
                let source = spilled[placeholder]?.path ?? ""
                try await BlockingWork.run { try ScratchFile.makeSecondName(path, of: source) }
            case .stored(let address):
                do {
                    try await fetchStored(address, to: path, report: report)
                } catch let error as Unreachable {
                    unfit.append(error.failure.message)
                    unreachable = unreachable ?? error
                    continue
                }
            }
            let head = try await BlockingWork.run {
                try FileHead(of: path, length: MediaSignature.length, pointer: name)
            }
            guard let signature = try await signature(head.bytes, of: path) else {
                if type == .trainTwin, head.status.st_size > 0 {
                    outcome.files.append(try await keep(path, as: "lora", "safetensors", .data, &outcome, scratch))
                } else {
                    unfit.append("\(name) is no film, picture or sound")
                    ScratchFile.removeBestEffort(path)
                }
                continue
            }
            let kind = signature.kind
            outcome.files.append(try await keep(path, as: kind.rawValue, signature.rawValue, kind, &outcome, scratch))
        }
        do throws(Failure) {
            return try Self.judged(outcome, unfit, type, scratch)
        } catch {
            throw unreachable ?? error
        }
    }

    /// What a file is; an MP4 with sound alone is a sound, whatever its brand is.
    private func signature(_ head: [UInt8], of path: String) async throws -> MediaSignature? {
        guard let signature = MediaSignature(head) else { return nil }
        guard signature == .mp4, let index = try await BlockingWork.run({ MovieFile.index(of: path) }) else {
            return signature
        }
        let report = ProbeReport(index)
        return report.video == nil && report.audio != nil ? .m4a : .mp4
    }

    /// - Throws: `Unreachable` where other settings could help.
    private func fetchStored(
        _ address: String, to path: String, report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws {
        guard let place = RunPodVolume(address) else {
            throw Failure(
                .runpodExecutionError, "RunPod's result names an address that is none: \(address).",
                isRetryable: false)
        }
        guard storageProblem == nil, let storage else {
            throw Unreachable(
                failure: storageProblem
                    ?? Failure(
                        .configError, "The result lies at \(address), and no object storage is set up here.",
                        hint: Self.storageHint(place)))
        }
        var store = ObjectStore(place.bucket.map { storage.with(bucket: $0) } ?? storage, client: client)
        store.retries = retries
        report(.log("fetching the result from \(address)"))
        do {
            _ = try await store.get(place.key, to: path, limit: Self.largestFile)
        } catch let failure as Failure where failure.code == .configError || failure.code == .invalidJob {
            // A missing object is a wrong bucket more often than a lost film.
            throw Unreachable(
                failure: Failure(
                    .configError, "The result lies at \(address): \(failure.message)",
                    hint: failure.code == .configError ? failure.hint : Self.storageHint(place)))
        }
    }

    private static func storageHint(_ place: RunPodVolume) -> String {
        let start =
            place.bucket == nil
            ? "Set S3_BUCKET to the id of the endpoint's network volume, AWS_ENDPOINT_URL to "
                + "https://s3api-DATACENTER.runpod.io, AWS_REGION to DATACENTER,"
            : "Set S3_BUCKET, AWS_ENDPOINT_URL to where that bucket is,"
        return start + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; then kinospool retry ID fetches it."
    }

    /// What the job asked for must be among it.
    private static func judged(
        _ outcome: Outcome, _ unfit: [String], _ type: JobType, _ scratch: String
    ) throws(Failure) -> Outcome {
        var outcome = outcome
        outcome.warnings += unfit
        let wanted: Artifact.Kind =
            switch type {
            case .speech: .audio
            case .trainTwin: .data
            case .render, .imageToVideo, .lipSync, .export, .noop: .video
            }
        guard outcome.files.contains(where: { $0.kind == wanted }) else {
            let found = outcome.files.map(\.name) + unfit
            throw Failure(
                .runpodExecutionError,
                "RunPod's result holds no \(wanted.rawValue): \(found.joined(separator: ", ")).", isRetryable: false)
        }
        // Pictures beside a film are steps on the way to it.
        for file in outcome.files where file.kind == .image { ScratchFile.removeBestEffort("\(scratch)/\(file.name)") }
        outcome.files.removeAll { $0.kind == .image }
        return outcome
    }

    private func keep(
        _ path: String, as stem: String, _ suffix: String, _ kind: Artifact.Kind, _ outcome: inout Outcome,
        _ scratch: String
    ) async throws -> RemoteRecord.File {
        let count = outcome.files.filter { $0.kind == kind }.count
        let name = count == 0 ? "\(stem).\(suffix)" : "\(stem)-\(count + 1).\(suffix)"
        return try await BlockingWork.run {
            try ScratchFile.rename(path, to: "\(scratch)/\(name)")
            return RemoteRecord.File(name: name, kind: kind, bytes: ScratchFile.size(of: "\(scratch)/\(name)") ?? 0)
        }
    }

    private func fetch(
        _ text: String, to path: String, report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws {
        guard let url = WebURL(text) else {
            throw Failure(.runpodExecutionError, "RunPod's result names an address that is none.", isRetryable: false)
        }
        var request = HTTPRequest(.get, url)
        request.limits = limits
        request.maximumBody = Self.largestFile
        report(.log("fetching the result from \(url.shown)"))
        _ = try await client.download(request, to: path, retries: retries)
    }

    private static func decode(_ text: String, to path: String) throws(Failure) {
        try ScratchFile.write([], to: path)
        var (decoder, bytes): (Base64Decoder, [UInt8]) = (Base64Decoder(), [])
        var rest = text.utf8[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 << 20)
            bytes.removeAll(keepingCapacity: true)
            decoder.decode(piece, into: &bytes)
            guard decoder.isValid else { throw broken }
            try ScratchFile.append(bytes, count: bytes.count, to: path)
            rest = rest.dropFirst(piece.count)
        }
        bytes.removeAll(keepingCapacity: true)
        guard decoder.finish(into: &bytes) else { throw broken }
        if !bytes.isEmpty { try ScratchFile.append(bytes, count: bytes.count, to: path) }
    }

    private static let broken = Failure(
        .runpodExecutionError, "RunPod's result is cut short: its base64 does not end well.", isRetryable: false)
}
