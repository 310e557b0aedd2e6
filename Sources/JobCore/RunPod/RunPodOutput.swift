/// What a finished run has made, found in any of the shapes that workers answer with.
///
/// Decided by content, never by key: a text counts when it is a URL, or base64 of something that begins like a film,
/// a picture or a sound. Keys only say where to look first, and which texts are no results (`prompt`). Long base64 was
/// written to files while it came in; a placeholder stands where each was.
public struct RunPodOutput: Sendable, Equatable {
    /// One thing to bring home.
    public enum Piece: Sendable, Equatable {
        /// `http` or `https`.
        case url(String)
        /// Base64, without the head of a data URI.
        case inline(String, MediaSignature)
        /// Already in a file, under this placeholder.
        case spilled(String)
        /// `s3://bucket/key`, or `/runpod-volume/key` on the endpoint's network volume.
        case stored(String)
    }

    public let pieces: [Piece]
    /// US dollars, where the worker names them.
    public let cost: Double?
    /// What the worker complained about beside its result.
    public let warnings: [String]

    /// - Parameters:
    ///   - output: nil when the run was COMPLETED without any.
    ///   - spilled: the placeholders of texts that went to files.
    /// - Throws: `runpod_execution_error` or `config_error` when there is nothing to bring home.
    public init(_ output: JSONValue?, spilled: Set<String> = []) throws(Failure) {
        guard let output, output != .object([:]), output != .array([]), output != .string("") else {
            throw Failure(
                .runpodExecutionError, "RunPod says COMPLETED and holds no result: it was probably too large (20 MB).",
                hint: "Let the worker upload its films to a bucket; then kinospool retry ID.", isRetryable: false)
        }
        var search = Search(spilled: spilled)
        search.walk(output, key: nil, depth: 0)
        cost = output.object?["cost"]?.number.flatMap { $0 >= 0 && $0.isFinite ? $0 : nil }
        let complaint = Self.complaint(in: output)
        pieces = search.pieces
        warnings = complaint.map { ["The worker complained beside its result: \($0.message)"] } ?? []
        guard pieces.isEmpty else { return }
        if let complaint { throw complaint.failure }
        if let path = search.localPaths.first {
            throw Failure(
                .configError, "The worker has no bucket: it answered with a path of its own machine (\(path)).",
                hint: "Give the endpoint the BUCKET_… variables of its worker, or let it answer with base64.")
        }
        throw Failure(
            .runpodExecutionError,
            "RunPod's result holds no film, picture or sound: "
                + RunPodReply.line(String(JSONWriter.compact(output).prefix(200))),
            hint: "The endpoint's worker answers in a form that nobody knows; see kinospool logs ID.",
            isRetryable: false)
    }

    /// `ok: false`, `status: error`, `error`, `errors`: a failure inside a success.
    private static func complaint(in output: JSONValue) -> RunPodComplaint? {
        guard let fields = output.object else {
            if let text = output.string, let inner = try? JSONReader.read(Array(text.utf8)), inner.object != nil {
                return complaint(in: inner)
            }
            return nil
        }
        for key in ["error", "errors", "error_message"] {
            guard let error = fields[key], error != .null, error != .string(""), error != .array([]),
                error != .bool(false)
            else { continue }
            return RunPodComplaint(error == .bool(true) ? fields["message"] : error)
        }
        let word = fields["status"]?.string?.lowercased() ?? ""
        let hasFailed = ["error", "failed", "failure", "success_no_images"].contains(word)
        if hasFailed || fields["ok"] == .bool(false) || fields["success"] == .bool(false) {
            return RunPodComplaint(fields["message"] ?? fields["detail"] ?? fields["details"] ?? .string(word))
        }
        return nil
    }

    /// The walk through a result.
    private struct Search {
        let spilled: Set<String>
        var pieces: [Piece] = []
        var localPaths: [String] = []

        /// Where results stand, the best first; whatever else is there comes after them.
        private static let order = [
            "video_url", "videoUrl", "video_urls", "video", "videos", "video_base64", "video_b64", "result",
            "result_url", "output_url", "url", "output", "outputs", "gifs", "images", "image_url", "image",
            "audio_url", "audio", "audio_base64", "files", "artifacts", "data", "s3_path", "video_path", "output_path",
            "message",
        ]
        /// Texts that may be URLs or long words, and are never results.
        private static let aside: Set<String> = [
            "prompt", "negative_prompt", "error", "errors", "seed", "filename", "file_name", "thumbnail_url", "input",
        ]
        /// Most results of one run.
        private static let limit = 64

        mutating func walk(_ value: JSONValue, key: String?, depth: Int) {
            guard depth < 8, pieces.count < Self.limit else { return }
            switch value {
            case .string(let text): look(at: text, depth)
            case .array(let elements): for element in elements { walk(element, key: key, depth: depth + 1) }
            case .object(let fields):
                let known = Self.order.filter { fields[$0] != nil }
                let others = fields.keys.filter { !Self.order.contains($0) && !Self.aside.contains($0) }.sorted()
                for name in known + others { walk(fields[name] ?? .null, key: name, depth: depth + 1) }
            case .null, .bool, .integer, .number: break
            }
        }

        private mutating func look(at text: String, _ depth: Int) {
            if spilled.contains(text) { return add(.spilled(text)) }
            let trimmed = String(text.trimmed())
            let lowered = trimmed.prefix(16).lowercased()
            if lowered.hasPrefix("http://") || lowered.hasPrefix("https://") {
                if !trimmed.contains(where: \.isWhitespace) { add(.url(trimmed)) }
            } else if lowered.hasPrefix("s3://") || Self.isOnVolume(trimmed) {
                add(.stored(trimmed))
            } else if lowered.hasPrefix("data:"), let comma = trimmed.firstIndex(of: ",") {
                addInline(String(trimmed[trimmed.index(after: comma)...]))
            } else if trimmed.first == "{" || trimmed.first == "[" {
                if let inner = try? JSONReader.read(Array(trimmed.utf8)) { walk(inner, key: nil, depth: depth + 1) }
            } else if !addInline(trimmed), Self.isLocalPath(trimmed) {
                localPaths.append(String(trimmed.prefix(200)))
            }
        }

        @discardableResult
        private mutating func addInline(_ text: String) -> Bool {
            guard text.utf8.count >= 64 else { return false }
            var (decoder, head): (Base64Decoder, [UInt8]) = (Base64Decoder(), [])
            decoder.decode(text.utf8.prefix(64), into: &head)
            guard decoder.isValid, let signature = MediaSignature(head) else { return false }
            add(.inline(text, signature))
            return true
        }

        private mutating func add(_ piece: Piece) {
            if !pieces.contains(piece) { pieces.append(piece) }
        }

        /// Where serverless workers see their network volume.
        private static func isOnVolume(_ text: String) -> Bool {
            text.hasPrefix(RunPodVolume.mount) && text.utf8.count > RunPodVolume.mount.utf8.count
                && text.utf8.count < 1024 && !text.contains(where: \.isNewline)
        }

        private static func isLocalPath(_ text: String) -> Bool {
            let endings = MediaSignature.allCases.map { ".\($0.rawValue)" } + [".jpeg", ".mov", ".mkv"]
            let lowered = text.lowercased()
            return text.utf8.count < 1024 && !text.contains(where: \.isWhitespace) && text.contains("/")
                && endings.contains { lowered.hasSuffix($0) }
        }
    }
}
