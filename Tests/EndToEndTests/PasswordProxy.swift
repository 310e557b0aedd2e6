import Foundation
import JobCore
import TestSupport

/// An HTTP proxy that passes on only what brings the right password, and repeats to everybody else what they brought.
final class PasswordProxy: Sendable {
    static let password = "open/sesame+42 now"

    private static let credentials = "Basic \(Base64.encoded(Array("film:\(password)".utf8)))"

    private let server: FakeHTTPServer

    /// - Parameter isStubborn: refuses the right password, too.
    init(isStubborn: Bool = false) throws {
        server = try FakeHTTPServer { request in
            let given = request["Proxy-Authorization"] ?? "nothing"
            guard !isStubborn, given == Self.credentials else {
                return .text(407, "no entry with \(given)", headers: [("Proxy-Authenticate", "Basic realm=\"films\"")])
            }
            return (try? Self.pass(request)) ?? .close
        }
    }

    /// Requests that brought the right password.
    var count: Int { server.requests.count { $0["Proxy-Authorization"] == Self.credentials } }

    /// For `http_proxy`.
    var url: String {
        let password = Self.password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return server.url("").replacing("http://", with: "http://film:\(password)@")
    }

    func stop() { server.stop() }

    /// Sends it to the port that it names, and brings all of the answer.
    private static func pass(_ request: FakeHTTPRequest) throws -> FakeHTTPReply {
        guard let url = URLComponents(string: request.target), let port = url.port else { return .text(400, "no URL") }
        let target = request.target.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }
        let headers = request.headers.filter { !["connection", "proxy-authorization"].contains($0.name.lowercased()) }
        let lines =
            ["\(request.method) \(target) HTTP/1.1"] + headers.map { "\($0.name): \($0.value)" }
            + ["Connection: close", "", ""]
        let connection = try HTTPConnection(port: port)
        try connection.write(Array(lines.joined(separator: "\r\n").utf8) + request.body)
        return FakeHTTPReply([.send(try connection.readToEnd()), .close])
    }
}
