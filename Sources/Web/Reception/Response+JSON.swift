import HTTPTypes
import HummingbirdCore
import JobCore
import NIOCore

/// The usual answers.
extension Response {
    /// A JSON value.
    static func json(
        _ value: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:],
        type: String = "application/json"
    ) -> Response {
        text(JSONWriter.compact(value) + "\n", type: type, status: status, headers: headers)
    }

    /// A text; by default one for people.
    static func text(
        _ text: String, type: String = "text/plain; charset=utf-8", status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = type
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// Why a request was not carried out.
    static func problem(_ problem: Problem, requestID: String) -> Response {
        var headers = HTTPFields()
        for (name, value) in problem.headers { headers[name] = value }
        return json(
            problem.json(requestID: requestID), status: HTTPResponse.Status(code: problem.status), headers: headers,
            type: "application/problem+json")
    }
}
