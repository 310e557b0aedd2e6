import Foundation
import Glibc
import Synchronization

/// A small HTTP/1.1 server on a loopback port of its own, for clients that are to be tested with good and bad luck.
///
/// A handler answers each request, on a thread of the connection, so it may wait at a `Gate`. Stopping ends all
/// connections, so every test ends with it.
///
///     let server = try FakeHTTPServer { request in
///         request.path == "/v2/ep/run" ? .json(200, #"{"id":"x","status":"IN_QUEUE"}"#) : .text(404, "")
///     }
///     defer { server.stop() }
///     let url = server.url("/v2/ep/run")
public final class FakeHTTPServer: Sendable {
    /// What happens to a connection before its first request is answered.
    public enum Welcome: Sendable {
        case serve
        /// RST at once.
        case reset
        /// RST when so many bytes of a request were read.
        case resetAfter(bytes: Int)
        /// Reads nothing, says nothing.
        case hang
    }

    private struct State {
        var requests: [FakeHTTPRequest] = []
        var connections = 0
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    public let port: Int
    private let host: String
    private let listener: Int32
    private let state = Mutex(State())
    private let stopping = Gate()
    private let welcome: @Sendable (_ connection: Int) -> Welcome
    private let handler: @Sendable (FakeHTTPRequest) -> FakeHTTPReply

    /// Starts it.
    ///
    /// - Parameters:
    ///   - isIPv6: listens on `::1` instead of `127.0.0.1`.
    ///   - welcome: decides over the nth connection, from 1.
    ///   - handler: answers; called from several threads.
    public init(
        isIPv6: Bool = false, welcome: @escaping @Sendable (Int) -> Welcome = { _ in .serve },
        handler: @escaping @Sendable (FakeHTTPRequest) -> FakeHTTPReply
    ) throws {
        (listener, port) = try Self.bound(isIPv6: isIPv6)
        Glibc.listen(listener, 64)
        // A client that goes before it was welcomed must not hold up those after it.
        _ = fcntl(listener, F_SETFL, O_NONBLOCK)
        host = isIPv6 ? "[::1]" : "127.0.0.1"
        (self.welcome, self.handler) = (welcome, handler)
        let (listener, stopping) = (listener, stopping)
        Thread.detachNewThread { [weak self] in
            while Self.isReady(listener, POLLIN, stopping) {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else {
                    // Without descriptors the listener stays readable: others need the processor meanwhile.
                    if errno == EMFILE || errno == ENFILE { poll(nil, 0, 20) }
                    continue
                }
                // A program that a test starts meanwhile must not keep the connection open.
                _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
                guard let self else {
                    close(socket)
                    break
                }
                take(socket)
            }
            close(listener)
        }
    }

    deinit { stopping.open() }

    /// Ends the listening and all connections.
    public func stop() {
        stopping.open()
    }

    /// `http://127.0.0.1:PORT` and the path.
    public func url(_ path: String = "/") -> String { "http://\(host):\(port)\(path)" }

    /// All requests so far whose bodies were whole.
    public var requests: [FakeHTTPRequest] { state.withLock { $0.requests } }
    /// Connections so far.
    public var connections: Int { state.withLock { $0.connections } }

    /// Waits until so many requests were read.
    public func received(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.requests.count < count { state.waiting.append((count, continuation)) }
                return state.requests.count >= count
            }
            if isThere { continuation.resume() }
        }
    }

    /// A port on which nobody listens: taken, so that nobody else gets it, but refusing all, as long as this lives.
    public final class DeadPort: Sendable {
        public let number: Int
        private let socket: Int32

        public init() throws { (socket, number) = try FakeHTTPServer.bound(isIPv6: false) }

        deinit { close(socket) }
    }

    // MARK: - On the threads

    private func take(_ socket: Int32) {
        let number = state.withLock { state in
            state.connections += 1
            return state.connections
        }
        let (stopping, welcome) = (stopping, welcome(number))
        Thread.detachNewThread { [self] in
            let connection = FakeHTTPConnection(socket, number: number, stopping: stopping)
            connection.serve(welcome) { request in
                let numbered = note(request)
                return handler(numbered)
            }
        }
    }

    private func note(_ request: FakeHTTPRequest) -> FakeHTTPRequest {
        let (request, ready) = state.withLock { state in
            let numbered = FakeHTTPRequest(
                number: state.requests.count + 1, connection: request.connection, method: request.method,
                target: request.target, headers: request.headers, body: request.body)
            state.requests.append(numbered)
            let ready = state.waiting.filter { $0.count <= state.requests.count }
            state.waiting.removeAll { $0.count <= state.requests.count }
            return (numbered, ready)
        }
        ready.forEach { $0.continuation.resume() }
        return request
    }

    /// Waits until the socket can be used; false when the server stops.
    static func isReady(_ socket: Int32, _ events: Int32, _ stopping: Gate) -> Bool {
        while true {
            var polls = [
                pollfd(fd: socket, events: Int16(events), revents: 0),
                pollfd(fd: stopping.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&polls, 2, -1)
            if count < 0, errno == EINTR { continue }
            return polls[1].revents == 0 && polls[0].revents != 0
        }
    }

    private static func bound(isIPv6: Bool) throws -> (Int32, Int) {
        let socket = Glibc.socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        var length: socklen_t = 0
        var result: Int32 = -1
        var port: UInt16 = 0
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_addr = in6addr_loopback
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            result = withAddress(&address) { bind(socket, $0, length) }
            _ = withAddress(&address) { getsockname(socket, $0, &length) }
            port = address.sin6_port
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            result = withAddress(&address) { bind(socket, $0, length) }
            _ = withAddress(&address) { getsockname(socket, $0, &length) }
            port = address.sin_port
        }
        guard socket >= 0, result == 0 else {
            let number = errno
            close(socket)
            throw POSIXError(POSIXErrorCode(rawValue: number) ?? .EIO)
        }
        return (socket, Int(UInt16(bigEndian: port)))
    }

    private static func withAddress<Address>(
        _ address: inout Address, _ body: (UnsafeMutablePointer<sockaddr>) -> Int32
    ) -> Int32 {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }
}
