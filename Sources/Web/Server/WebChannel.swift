import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes

/// One connection: HTTP/1.1 with our limits, and an answer in our form also to what is no HTTP.
struct WebChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    private let channel: HTTP1Channel

    /// The largest head of a request, in bytes.
    static let headLimit = 16 * 1024
    /// How long a connection may be idle.
    static let idleTimeout = TimeAmount.seconds(75)
    /// How long the other end may take nothing of an answer. A browser's paused film is taken up again with a range.
    static let stallTimeout = TimeAmount.minutes(5)

    init(respond: @escaping @Sendable (HTTPRequest, RequestBody) async -> Response) {
        channel = HTTP1Channel(
            responder: { request, writer, _ in
                let response = await respond(request.head, request.body)
                try await writer.write(response: response.head, body: response.body)
            },
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [StallGuard(patience: Self.stallTimeout), HeadGuard()],
                idleTimeout: Self.idleTimeout,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: Self.headLimit, maxHeaderListSize: Self.headLimit, maxHeaderFieldCount: 100)))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        self.channel.setup(channel: channel, logger: logger)
    }

    func handle(value: Value, logger: Logger) async { await channel.handle(value: value, logger: logger) }
}
