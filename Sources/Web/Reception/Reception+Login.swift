import Engine
import HTTPTypes
import HummingbirdCore
import JobCore

/// Letting a browser in by a link that works once.
extension Reception {
    func logIn(_ call: Call) throws -> Response {
        var headers: HTTPFields = [.location: "/", .cacheControl: "no-store", .referrerPolicy: "no-referrer"]
        guard let login else { return Response(status: .seeOther, headers: headers) }
        guard !tally.isExceeded() else {
            throw Problem(.tooManyRequests, "Too many wrong tokens.", headers: [.retryAfter: "60"])
        }
        // Programs that only look where a link leads do not use it up.
        guard call.head.method != .head else { return Response(status: .seeOther, headers: headers) }
        guard let cookie = login.cookie(forLink: call.query["t"] ?? "", at: desk.now) else {
            tally.note()
            throw Problem(
                .unauthorized, "The link was used, is older than 10 minutes, or is none.",
                hint: "Make a new one: kinospool config token --link", headers: [.wwwAuthenticate: "Bearer"])
        }
        headers[.setCookie] = cookie
        return Response(status: .seeOther, headers: headers)
    }
}
