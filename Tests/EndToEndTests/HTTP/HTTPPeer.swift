import Dispatch
import Foundation
import Glibc
import JobCore
import Testing

/// A client that sends exactly the bytes it is told, hostile ones too: one connection for each request.
struct HTTPPeer: Sendable {
    let port: Int

    /// An answer, read to the end of its connection.
    struct Reply: Sendable {
        let status: Int
        /// By lower-case names.
        let headers: [String: String]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        /// The value in the body.
        func json() throws -> JSONValue { try JSONReader.read(body) }

        func object() throws -> [String: JSONValue] { try #require(try json().object) }
    }

    /// The authority by which it is called.
    var host: String { "127.0.0.1:\(port)" }

    /// Asks in the usual way; JSON bodies get their header.
    func send(
        _ method: String, _ path: String, headers: [String: String] = [:], body: String = ""
    ) async throws -> Reply {
        var fields = ["Host": host, "Connection": "close"]
        if !body.isEmpty {
            fields["Content-Type"] = "application/json"
            fields["Content-Length"] = "\(body.utf8.count)"
        }
        fields.merge(headers) { _, new in new }
        let lines = fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
        return try await raw("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n\(body)")
    }

    func get(_ path: String, headers: [String: String] = [:]) async throws -> Reply {
        try await send("GET", path, headers: headers)
    }

    func post(_ path: String, _ body: String = "", headers: [String: String] = [:]) async throws -> Reply {
        try await send("POST", path, headers: headers, body: body)
    }

    /// Sends these bytes and reads until the other side closes.
    func raw(_ text: String) async throws -> Reply { try await raw(Array(text.utf8)) }

    func raw(_ bytes: [UInt8]) async throws -> Reply {
        let port = port
        let answer = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        let connection = try HTTPConnection(port: port)
                        try connection.write(bytes)
                        return try connection.readToEnd()
                    })
            }
        }
        return try Self.reply(answer)
    }

    static func reply(_ bytes: [UInt8]) throws -> Reply {
        let text = Data(bytes)
        // A daemon that is killed while it answers is no fault of the test's.
        guard let end = text.range(of: Data("\r\n\r\n".utf8)) else {
            throw Failure(.internalError, "no head: \(String(decoding: bytes, as: UTF8.self))")
        }
        let lines = String(decoding: text[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        guard let status = lines[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure(.internalError, "no status: \(lines[0])")
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        return Reply(status: status, headers: headers, body: Array(text[end.upperBound...]))
    }
}
