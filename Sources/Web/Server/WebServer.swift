public import Engine
import HTTPTypes
import HummingbirdCore
public import JobCore
public import Logging
import NIOCore
import NIOPosix
import Synchronization

/// The HTTP API of one daemon.
public struct WebServer: Sendable {
    private let settings: Settings
    private let token: TokenRule?
    private let logger: Logger

    /// Connections at the same time; more wait until one ends.
    static let connectionLimit = 512

    /// - Parameter token: the bearer token; nil for none.
    /// - Throws: `config_error` where anybody in the network could use the daemon.
    public init(settings: Settings, token: String?, logger: Logger) throws(Failure) {
        guard token != nil || Self.isLoopback(settings.host) else {
            throw Failure(
                .configError, "KINOSPOOL_HOST is \(settings.host): whoever reaches it could use the daemon.",
                hint: "Set KINOSPOOL_TOKEN_FILE to a file with a token, or KINOSPOOL_HOST to 127.0.0.1.")
        }
        (self.settings, self.logger) = (settings, logger)
        self.token = token.map { TokenRule(token: $0) }
    }

    /// Whether an address is reached from this machine alone.
    static func isLoopback(_ host: String) -> Bool {
        ["localhost", "::1"].contains(host.lowercased())
            || host.hasPrefix("127.") && host.split(separator: ".").count == 4
    }

    /// Listens until its task is cancelled, or the daemon shuts down in order.
    ///
    /// - Throws: `config_error` when the address cannot be had.
    public func run(_ desk: FrontDesk) async throws {
        let reception = Mutex<Reception?>(nil)
        let streams = ConnectionCount()
        let (settings, token, logger) = (settings, token, logger)
        let channel = WebChannel { head, body in
            guard let reception = reception.withLock({ $0 }) else { return Response(status: .serviceUnavailable) }
            return await reception.respond(to: head, body)
        }
        let server = Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(
                address: .hostname(settings.host, port: settings.port),
                availableConnectionsDelegate: .maximum(Self.connectionLimit, logger: logger)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                let host = HostRule(host: settings.host, port: port, allowed: settings.allowedHosts)
                reception.withLock {
                    $0 = Reception(
                        desk: desk, host: host, token: token, logger: logger, connections: streams)
                }
                let name = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
                logger.notice("listening", metadata: ["url": "http://\(name):\(port)"])
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Self.quiet(logger))
        do {
            try await server.run()
        } catch let error as IOError {
            throw Failure(
                .configError, "\(settings.host) port \(settings.port) cannot be had: \(error).",
                hint: "Another program may listen there; choose another port: kinospool serve --port 8001.")
        }
    }

    /// The library's own messages, but for those that tell of trouble.
    private static func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }
}
