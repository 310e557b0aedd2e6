import Glibc
public import JobCore

/// Where a parameter such as `image` says that its file is.
///
/// Invariant: a local path that leaves here is real (no symbolic links left) and inside the job's own attachments or
/// one of the media roots, so that a job can never read other files of this machine.
public enum InputSource: Sendable, Equatable {
    /// A file that came with the job.
    case attachment(String)
    /// An absolute path on this machine.
    case path(String)
    /// `https`, `http` or `s3`.
    case remote(String)

    /// Reads the text of a parameter.
    ///
    /// - Parameter pointer: JSON pointer of the parameter, for messages.
    /// - Throws: `invalid_job` when it is none of the three.
    public init(_ text: String, pointer: String) throws(Failure) {
        let lowered = text.lowercased()
        if ["http://", "https://", "s3://"].contains(where: { lowered.hasPrefix($0) }) {
            self = .remote(text)
        } else if lowered.hasPrefix("file:") {
            guard let path = Self.path(ofFileURL: text) else {
                throw Failure(.invalidJob, "\(pointer): a file URL looks like file:///absolute/path.")
            }
            self = .path(path)
        } else if text.hasPrefix("/") {
            self = .path(text)
        } else if PlainName.isLegal(text), !text.contains(":") {
            self = .attachment(text)
        } else {
            throw Failure(
                .invalidJob, "\(pointer) must be the name of an attachment, an absolute path or a URL.",
                hint: "Attach the file with kinospool submit, or drop it into inbox/ beside the job.")
        }
    }

    /// The real path of the file, fetched first where it is a URL; of a local one as `locate` gives it.
    ///
    /// - Parameters:
    ///   - folder: absolute path of a folder below the job's scratch, for what is fetched.
    ///   - limit: most bytes that are fetched.
    func located(
        _ request: BackendRequest, _ configuration: BackendConfiguration, into folder: String, limit: Int64,
        pointer: String
    ) async throws -> String {
        if case .remote(let text) = self {
            let remote = RemoteInput(configuration: configuration)
            return try await remote.fetch(text, into: folder, limit: limit, pointer: pointer)
        }
        let (inputs, roots) = (request.inputs, configuration.mediaRoots)
        return try await BlockingWork.run { try locate(inputs: inputs, mediaRoots: roots, pointer: pointer) }
    }

    /// The real path of a local file. It blocks; call it off the cooperative pool.
    ///
    /// - Parameters:
    ///   - inputs: absolute path of the job's attachments.
    ///   - mediaRoots: absolute paths of the folders that jobs may read.
    /// - Throws: `invalid_job` when the file is missing, `config_error` when this set-up may not read it.
    public func locate(inputs: String, mediaRoots: [String], pointer: String) throws(Failure) -> String {
        switch self {
        case .attachment(let name):
            guard let path = Self.realPath("\(inputs)/\(name)") else {
                throw Failure(
                    .invalidJob, "\(pointer): the job has no attachment named \"\(name)\".",
                    hint: "Attach the file with kinospool submit, or drop it into inbox/ beside the job.")
            }
            guard let folder = Self.realPath(inputs), Self.isInside(path, folder) else {
                throw Failure(.invalidJob, "\(pointer): the attachment \"\(name)\" points out of the job's folder.")
            }
            return path
        case .path(let path): return try Self.locate(path, mediaRoots, pointer)
        case .remote:
            throw Failure(.internalError, "\(pointer): a URL is fetched, not located.")
        }
    }

    private static func locate(_ path: String, _ mediaRoots: [String], _ pointer: String) throws(Failure) -> String {
        let roots = mediaRoots.compactMap { realPath($0) }
        if let real = realPath(path) {
            if roots.contains(where: { isInside(real, $0) }) { return real }
        } else if !path.split(separator: "/").contains(".."),
            (roots + mediaRoots).contains(where: { isInside(path, $0) })
        {
            throw Failure(.invalidJob, "\(pointer): there is no file \(path).")
        }
        // The same words whether or not the file exists: a job must not learn what is on this machine.
        throw Failure(
            .configError, "\(pointer): \(path) is outside the folders that jobs may read.",
            hint: "Attach it with kinospool submit, drop it into inbox/, or add its folder to KINOSPOOL_MEDIA_ROOTS.")
    }

    private static func isInside(_ path: String, _ folder: String) -> Bool {
        path.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(validatingCString: resolved)
    }

    /// `file:///a%20b` or `file://localhost/a`; nil for another host, a relative path or a broken escape.
    private static func path(ofFileURL text: String) -> String? {
        var rest = Array(text.utf8.dropFirst("file:".utf8.count))
        if rest.starts(with: Array("//".utf8)) {
            rest.removeFirst(2)
            if rest.starts(with: Array("localhost/".utf8)) { rest.removeFirst("localhost".utf8.count) }
        }
        guard rest.first == UInt8(ascii: "/") else { return nil }
        var bytes: [UInt8] = []
        var index = 0
        while index < rest.count {
            if rest[index] == UInt8(ascii: "%") {
                guard index + 2 < rest.count,
                    let byte = UInt8(String(decoding: rest[index + 1...index + 2], as: UTF8.self), radix: 16),
                    byte >= 0x20
                else { return nil }
                bytes.append(byte)
                index += 3
            } else {
                bytes.append(rest[index])
                index += 1
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
