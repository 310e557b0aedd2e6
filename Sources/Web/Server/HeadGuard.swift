import HTTPTypes
import JobCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Answers what is no HTTP, or too long a head, with a problem, and closes the connection.
final class HeadGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundOut = HTTPResponsePart

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        let problem =
            error == .headerOverflow
            ? Problem(.headersTooLarge, "The head of a request has at most \(WebChannel.headLimit) bytes.")
            : Problem(.badRequest, "The request is no HTTP/1.1.")
        let text = JSONWriter.compact(problem.json(requestID: "")) + "\n"
        let head = HTTPResponse(
            status: HTTPResponse.Status(code: problem.status),
            headerFields: [
                .contentType: "application/problem+json", .contentLength: "\(text.utf8.count)", .connection: "close",
            ])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(string: text))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }
}
