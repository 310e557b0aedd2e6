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
    private let token: String?
    private let logger: Logger
    private let onLink: @Sendable (String) -> Void

    /// Connections at the same time; more wait until one ends.
    static let connectionLimit = 512

    /// - Parameters:
    ///   - token: the bearer token; nil for none.
    ///   - onLink: gets the link that lets a browser in once; called where there is a token. It is a secret.
    /// - Throws: `config_error` where anybody in the network could use the daemon.
    public init(
        settings: Settings, token: String?, logger: Logger, onLink: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(Failure) {
        guard token != nil || Self.isLoopback(settings.host) else {
            throw Failure(
                .configError, "KINOSPOOL_HOST is \(settings.host): whoever reaches it could use the daemon.",
                hint: "Set KINOSPOOL_TOKEN_FILE to a file with a token, or KINOSPOOL_HOST to 127.0.0.1.")
        }
        (self.settings, self.token, self.logger, self.onLink) = (settings, token, logger, onLink)
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
        let (settings, token, logger, onLink) = (settings, token, logger, onLink)
        let start = desk.now
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
                let login = token.map { LoginRule(token: $0, port: port, start: start) }
                reception.withLock {
                    $0 = Reception(
                        desk: desk, host: host, token: token.map { TokenRule(token: $0) }, login: login,
                        cors: CORSRule(origins: Set(settings.corsOrigins)), logger: logger, connections: streams)
                }
                let name = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
                desk.listens(at: "http://\(name):\(port)")
                logger.notice("listening", metadata: ["url": "http://\(name):\(port)"])
                if let login { onLink("http://\(name):\(port)/login?t=\(login.link(at: desk.now))") }
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
