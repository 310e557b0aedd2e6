import HTTPTypes
import HummingbirdCore
import JobCore
import NIOCore

/// One request as its operation sees it.
struct Call: Sendable {
    let head: HTTPRequest
    let body: RequestBody
    /// What stood for the names in braces.
    let parameters: [String: String]
    let query: QueryItems
    /// `http://127.0.0.1:8000`, by the name that the client knows us by.
    let base: String

    /// The largest JSON body, in bytes.
    static let jsonLimit = 1 << 20

    /// - Throws: `bad_request` for a query that does not read.
    init(head: HTTPRequest, body: RequestBody, parameters: [String: String]) throws(Problem) {
        (self.head, self.body, self.parameters) = (head, body, parameters)
        base = "http://\(head.authority ?? "localhost")"
        let path = head.path ?? "/"
        let mark = path.firstIndex(of: "?").map(path.index(after:)) ?? path.endIndex
        query = try QueryItems(path[mark...])
    }

    /// The path of an address without its query.
    static func path(of address: String) -> String { String(address.prefix { $0 != "?" && $0 != "#" }) }

    subscript(name: HTTPField.Name) -> String? { head.headerFields[name] }

    var preference: Preference { Preference(header: self[.prefer]) }

    /// The job that the address names. - Throws: `no_such_job` also for what can be no id.
    func jobID() throws(Problem) -> JobID {
        let text = parameters["id"] ?? ""
        guard let id = JobID(text) else {
            throw Problem(
                .noSuchJob, "There is no job \(text.prefix(100)).", hint: "See the jobs there are: GET /jobs.")
        }
        return id
    }

    /// Whether a body comes with it.
    var hasBody: Bool {
        if self[.transferEncoding] != nil { return true }
        return self[.contentLength].flatMap { Int($0) }.map { $0 > 0 } ?? false
    }

    /// The media type of the body, without its parameters.
    var mediaType: String {
        (self[.contentType] ?? "").prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
    }

    /// The body's bytes. - Throws: `too_large`.
    func bytes(upTo limit: Int) async throws -> [UInt8] {
        let problem = Problem(
            .tooLarge, "The body has more than \(limit) bytes.", headers: [.connection: "close"])
        if let length = self[.contentLength].flatMap({ Int($0) }), length > limit { throw problem }
        var bytes: [UInt8] = []
        for try await buffer in body {
            guard bytes.count + buffer.readableBytes <= limit else { throw problem }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        return bytes
    }

    /// The JSON object in the body; an empty one where none comes and none is needed.
    ///
    /// - Throws: `unsupported_media_type`, `too_large`, `bad_request`.
    func object(isNeeded: Bool = true) async throws -> [String: JSONValue] {
        if !hasBody, !isNeeded { return [:] }
        guard ["application/json", "application/merge-patch+json"].contains(mediaType) else {
            throw Problem(
                .unsupportedMediaType, "The body must be JSON.", hint: "Send it with Content-Type: application/json.")
        }
        let bytes = try await bytes(upTo: Self.jsonLimit)
        let value: JSONValue
        do {
            value = try JSONReader.read(NULEscape.replaced(in: bytes))
        } catch {
            throw Problem(
                .badRequest, "The body is no JSON at line \(error.line), column \(error.column): \(error.reason).")
        }
        guard let object = value.object else {
            throw Problem(.badRequest, "The body must be a JSON object (it is \(value.kindName)).")
        }
        return object
    }
}
