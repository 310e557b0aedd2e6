import Engine
import HTTPTypes
import HummingbirdCore
import JobCore

/// Files that come in.
extension Reception {
    /// The largest upload, in bytes.
    static let uploadLimit = 20 << 20

    func upload(_ call: Call) async throws -> Response {
        let types = UploadKind.allCases.map(\.mediaType)
        guard types.contains(call.mediaType) || call.mediaType == "application/octet-stream" else {
            throw Problem(
                .unsupportedMediaType, "The body must be a picture, a sound or a film.",
                hint: "Content-Type is one of \(types.joined(separator: ", ")), application/octet-stream.")
        }
        let bytes = try await call.bytes(upTo: Self.uploadLimit)
        guard let kind = UploadKind(sniffing: bytes) else {
            throw Problem(
                .unsupportedMediaType, "The bytes are no picture, sound or film of a kind that is known.",
                hint: "Known are \(UploadKind.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        let (name, isNew) = try await desk.upload(bytes, kind: kind)
        let answer: JSONValue = [
            "url": .string(name.reference), "sha256": .string(name.sha256), "media_type": .string(kind.mediaType),
            "bytes": .integer(Int64(bytes.count)),
        ]
        return .json(answer, status: isNew ? .created : .ok)
    }
}
