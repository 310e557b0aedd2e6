import Glibc
import JobCore

/// Brings the pieces of a result home into the scratch folder, each one under a name that tells what it is.
struct RunPodCollector: Sendable {
    let client: HTTPClient
    let retries: HTTPRetries

    /// The largest file that is fetched.
    static let largestFile: Int64 = 64 << 30

    /// What came of one collection.
    struct Outcome: Sendable {
        var files: [RemoteRecord.File] = []
        var warnings: [String] = []
    }

    /// - Throws: `HTTPFailure` when an address could not be fetched now; `Failure` when the result is worthless.
    func collect(
        _ output: RunPodOutput, for type: JobType, into scratch: String,
        report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> Outcome {
        var outcome = Outcome(warnings: output.warnings)
        var unfit: [String] = []
        for (index, piece) in output.pieces.enumerated() {
            let name = "piece-\(index + 1)"
            let path = "\(scratch)/\(name)"
            switch piece {
            case .inline(let text, _): try await BlockingWork.run { try Self.decode(text, to: path) }
            case .url(let url): try await fetch(url, to: path, report: report)
            case .stored(let address):
                unfit.append("\(address): results in buckets are not fetched by this version")
                continue
            }
            let head = try await BlockingWork.run {
                try FileHead(of: path, length: MediaSignature.length, pointer: name)
            }
            guard let signature = MediaSignature(head.bytes) else {
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
        return try Self.judged(outcome, unfit, type, scratch)
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
        request.limits = .transfer
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
