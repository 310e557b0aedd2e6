/// A request as the fake server read it.
public struct FakeHTTPRequest: Sendable {
    /// Counts from 1 over the server's life, in the order in which heads were whole.
    public let number: Int
    /// Which connection it came on, from 1: two requests with one number shared it.
    public let connection: Int
    public let method: String
    /// Path and query as sent.
    public let target: String
    /// In the order of the wire.
    public let headers: [(name: String, value: String)]
    public let body: [UInt8]

    /// The path without the query.
    public var path: String { String(target.prefix { $0 != "?" }) }
    /// What stands after `?`, `""` for none.
    public var query: String { String(target.dropFirst(path.count + 1)) }
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The first value of a header, whatever its case.
    public subscript(header: String) -> String? {
        headers.first { $0.name.lowercased() == header.lowercased() }?.value
    }
}
