import HTTPTypes
import HummingbirdCore
import NIOCore

/// The panel: a page, and the files it is made of. They are the same for everybody and tell of no job.
extension Reception {
    /// Only what comes from here runs, and no text ever becomes a script; the one script that is loaded by name is the
    /// worker that listens to events.
    static let panelPolicy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob:", "media-src 'self' blob:",
        "connect-src 'self'", "worker-src 'self'", "font-src 'self'", "base-uri 'none'", "form-action 'self'",
        "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types kinospool-worker",
    ].joined(separator: "; ")

    func panelFile(_ call: Call) throws -> Response {
        let name = call.parameters["name"] ?? ""
        guard let file = PanelFile.all[name] else {
            throw Problem(.notFound, "The panel has no file \(name.prefix(100)).")
        }
        return panelFile(file, call)
    }

    func panelFile(_ file: PanelFile, _ call: Call) -> Response {
        var headers: HTTPFields = [
            .eTag: file.tag.text, .cacheControl: "no-cache", .contentSecurityPolicy: Self.panelPolicy,
            .referrerPolicy: "no-referrer", .crossOriginResourcePolicy: "same-origin",
            .crossOriginOpenerPolicy: "same-origin",
        ]
        if let known = call[.ifNoneMatch], file.tag.matchesWeakly(known) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = file.mediaType
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }
}
