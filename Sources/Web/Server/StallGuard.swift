import NIOCore

/// Closes a connection whose other end takes nothing of what it is sent for a while: it would be held for ever.
final class StallGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    private let patience: TimeAmount
    private var alarm: Scheduled<Void>?

    init(patience: TimeAmount) { self.patience = patience }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        alarm?.cancel()
        alarm = nil
        if !context.channel.isWritable {
            let channel = context.channel
            alarm = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) { alarm?.cancel() }
}
