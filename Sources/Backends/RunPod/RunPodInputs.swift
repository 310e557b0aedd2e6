import Glibc
import JobCore

/// The files of a job in the form that a profile can send.
struct RunPodInputs: Sendable {
    let mediaRoots: [String]

    /// The largest file that can go along: base64 makes four bytes of three.
    static let largestFile = RunPodOrder.maximumBytes / 4 * 3

    /// Reads what the profile needs.
    ///
    /// - Throws: `invalid_job` or `config_error` with a JSON pointer, before anything is sent.
    func media(
        of request: BackendRequest, _ wish: ProfileWish, _ profile: WorkerProfile
    ) async throws -> [String: ProfileMedia] {
        let (roots, inputs) = (mediaRoots, request.inputs)
        return try await BlockingWork.run {
            var media: [String: ProfileMedia] = [:]
            for name in profile.mediaNeeded(by: wish) {
                guard let text = wish.mediaText(name) else { continue }
                media[name] = try Self.media(text, name, inputs: inputs, roots: roots)
            }
            return media
        }
    }

    private static func media(
        _ text: String, _ name: String, inputs: String, roots: [String]
    ) throws(Failure) -> ProfileMedia {
        let pointer = "/params/\(name)"
        let source = try InputSource(text, pointer: pointer)
        if case .remote(let url) = source {
            guard !url.lowercased().hasPrefix("s3://") else {
                throw Failure(
                    .configError, "\(pointer): RunPod's workers fetch no s3:// addresses.",
                    hint: "Give an https:// address, or attach the file with kinospool submit.")
            }
            return .url(url)
        }
        let path = try source.locate(inputs: inputs, mediaRoots: roots, pointer: pointer)
        let head = try FileHead(of: path, length: MediaSignature.length, pointer: pointer)
        guard let signature = MediaSignature(head.bytes) else {
            throw Failure(.invalidJob, "\(pointer): the file is no picture, film or sound that RunPod's workers know.")
        }
        guard head.status.st_size <= largestFile, let bytes = ScratchFile.read(path, limit: largestFile) else {
            let size = DecimalText.short(Double(head.status.st_size) / 1_048_576)
            throw Failure(
                .invalidJob, "\(pointer): the file has \(size) MiB; with a request to RunPod 7.5 MiB can go along.",
                hint: "Use a smaller file, or give its URL.")
        }
        return .file(bytes: bytes, signature, name: "\(name).\(signature.rawValue)")
    }
}
