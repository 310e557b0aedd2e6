import Engine
import HTTPTypes
import HummingbirdCore
import JobCore
import NIOCore

/// What jobs made.
extension Reception {
    /// So much of a file is held at a time, in bytes.
    private static let piece = 256 * 1024

    func listArtifacts(_ call: Call) async throws -> Response {
        let view = try await desk.view(try call.jobID())
        let artifacts = view.artifacts.map { artifact in
            var fields = artifact.json.object ?? [:]
            fields["url"] = .string(Self.address(of: artifact.name, view.id, call.base))
            for (key, name) in [("poster_url", artifact.poster), ("contact_sheet_url", artifact.contactSheet)] {
                fields[key] = name.map { .string(Self.address(of: $0, view.id, call.base)) }
            }
            return JSONValue.object(fields)
        }
        return .json(.array(artifacts))
    }

    func getArtifact(_ call: Call) async throws -> Response {
        let (id, name) = (try call.jobID(), call.parameters["name"] ?? "")
        let download = try call.query.word("download", of: "0", "1")
        return try await file(id, name, call, isDownload: download == "1")
    }

    /// A file that a job was given.
    func getInput(_ call: Call) async throws -> Response {
        let (id, name) = (try call.jobID(), call.parameters["name"] ?? "")
        return try handOut(try await desk.input(id, named: name), of: id, name, call)
    }

    /// A file of a job, or the part of it that is asked for.
    func file(_ id: JobID, _ name: String, _ call: Call, isDownload: Bool) async throws -> Response {
        try handOut(try await desk.artifact(id, named: name), of: id, name, call, isDownload: isDownload)
    }

    private func handOut(
        _ file: OpenArtifact?, of id: JobID, _ name: String, _ call: Call, isDownload: Bool = false
    ) throws -> Response {
        guard let file else { throw Problem(.notFound, "Job \(id) has no file \(name.prefix(200)).") }
        let tag = EntityTag(opaque: file.tag)
        var headers: HTTPFields = [
            .eTag: tag.text, .acceptRanges: "bytes", .cacheControl: "private, max-age=31536000, immutable",
            // Whatever the bytes are, nothing in them runs.
            .contentSecurityPolicy: "default-src 'none'; media-src 'self'; img-src 'self'; sandbox",
        ]
        if let condition = call[.ifMatch], !tag.matchesStrongly(condition) {
            throw Problem(.preconditionFailed, "The file is not the one you know.", headers: [.eTag: tag.text])
        }
        if let known = call[.ifNoneMatch], tag.matchesWeakly(known) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = FileType.mediaType(of: name)
        if isDownload { headers[.contentDisposition] = FileType.attachment(name) }
        // A date in `If-Range` never matches: there is no date to compare it with.
        let mayBePart = call[.ifRange].map { tag.matchesStrongly($0) } ?? true
        switch ByteRange(header: mayBePart ? call[.range] : nil, size: file.size) {
        case .whole:
            return Response(status: .ok, headers: headers, body: Self.body(file, from: 0, count: file.size))
        case .part(let first, let last):
            headers[.contentRange] = "bytes \(first)-\(last)/\(file.size)"
            let body = Self.body(file, from: first, count: last - first + 1)
            return Response(status: .partialContent, headers: headers, body: body)
        case .unsatisfiable:
            throw Problem(
                .rangeNotSatisfiable, "The file has \(file.size) bytes.",
                headers: [.contentRange: "bytes */\(file.size)", .acceptRanges: "bytes"])
        }
    }

    private static func body(_ file: OpenArtifact, from start: Int64, count: Int64) -> ResponseBody {
        ResponseBody(contentLength: Int(count)) { writer in
            var (offset, rest) = (start, count)
            while rest > 0 {
                let bytes = try await file.read(from: offset, count: Int(min(rest, Int64(piece))))
                // Shorter than it was: the answer cannot be finished as it was promised.
                guard !bytes.isEmpty else { throw Problem(.unavailable, "The file became shorter.") }
                try await writer.write(ByteBuffer(bytes: bytes))
                offset += Int64(bytes.count)
                rest -= Int64(bytes.count)
            }
            try await writer.finish(nil)
        }
    }
}
