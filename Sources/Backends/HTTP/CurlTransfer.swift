internal import CCurl
import Glibc
import JobCore
import Synchronization

/// One request on its way: libcurl's easy handle, what is sent, and what came so far. It follows no redirect.
///
/// Invariants:
/// 1. `finish` is called once; whoever awaits `answer` gets exactly one result.
/// 2. `hasBegunSending` is set before libcurl sends the first byte of the request.
/// 3. Only the body of a 2xx answer reaches the sink, after one `begin`.
// @unchecked: what can change is touched on the loop's thread alone (CurlLoop 1), but for `shared`, which has a lock.
final class CurlTransfer: @unchecked Sendable {
    private struct Shared {
        var isCancelled = false
        var result: Result<HTTPResponse, HTTPFailure>?
        var waiter: CheckedContinuation<Result<HTTPResponse, HTTPFailure>, Never>?
    }

    /// Most bytes of all header lines of an answer.
    static let maximumHead = 64 * 1024
    /// Most bytes kept of an answer that is no success.
    static let maximumErrorBody = 1 << 20

    let request: HTTPRequest
    let environment: HTTPEnvironment
    private let sink: (any HTTPSink)?
    private let shared = Mutex(Shared())

    private(set) var handle: UnsafeMutableRawPointer?
    private var lines: UnsafeMutablePointer<curl_slist>?
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var upload: UploadSource
    private(set) var hasBegunSending = false
    private var answer = AnswerHead()
    private var received: Int64 = 0, body: [UInt8] = []
    private var hasBegunSink = false
    /// What one of the callbacks found wrong; libcurl itself only knows that it was stopped.
    private var problem: HTTPFailure?

    init(_ request: HTTPRequest, environment: HTTPEnvironment, sink: (any HTTPSink)?) {
        (self.request, self.environment, self.sink) = (request, environment, sink)
        upload = UploadSource(request.body)
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit { errorText.deallocate() }

    // MARK: - From any thread

    var isCancelled: Bool { shared.withLock { $0.isCancelled } }

    /// Remembers the wish, for a transfer that the loop has not seen yet.
    func markCancelled() { shared.withLock { $0.isCancelled = true } }

    /// The one result, when it is there.
    func result() async -> Result<HTTPResponse, HTTPFailure> {
        await withCheckedContinuation { continuation in
            let ready = shared.withLock { shared in
                if shared.result == nil { shared.waiter = continuation }
                return shared.result
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    /// Gives the result to whoever awaits it.
    func finish(_ result: Result<HTTPResponse, HTTPFailure>) {
        let waiter = shared.withLock { shared -> CheckedContinuation<Result<HTTPResponse, HTTPFailure>, Never>? in
            guard shared.result == nil else { return nil }
            shared.result = result
            defer { shared.waiter = nil }
            return shared.waiter
        }
        waiter?.resume(returning: result)
    }

    // MARK: - On the loop's thread

    /// The easy handle with everything set; nil, and `problem` set, when that cannot be.
    func prepare() -> UnsafeMutableRawPointer? {
        do throws(HTTPFailure) {
            let context = Unmanaged.passUnretained(self).toOpaque()
            guard
                let easy = cc_easy_new(
                    context, Self.onHeader, Self.onBody, Self.onUpload, Self.onSeek, Self.onBeforeRequest)
            else { throw HTTPFailure(.unusable, .preparing, "libcurl has no memory.") }
            handle = easy
            try upload.open()
            var options = CurlOptions(easy)
            lines = try options.apply(request, environment, bodyLength: upload.length)
            options.buffer(CURLOPT_ERRORBUFFER, errorText)
            return easy
        } catch {
            problem = error
            return nil
        }
    }

    /// The end that libcurl told.
    func conclude(_ code: CURLcode) {
        if problem == nil, code == CURLE_OK { beginSink() }
        if let problem {
            release()
            return finish(.failure(problem))
        }
        let text = String(cString: errorText)
        let result: Result<HTTPResponse, HTTPFailure> =
            code == CURLE_OK
            ? .success(HTTPResponse(head: answer.head(of: request.url), body: body))
            : .failure(CurlProblem.failure(code, text, phase, request))
        release()
        finish(result)
    }

    /// The end of a transfer that libcurl does not know, or knows no more.
    func conclude(cancelled: Bool) {
        let cancel = HTTPFailure(.cancelled, phase, "\(CurlProblem.subject(request)): cancelled.")
        let failure = cancelled ? cancel : problem ?? cancel
        release()
        finish(.failure(failure))
    }

    private func release() {
        if let handle { cc_easy_free(handle) }
        if let lines { cc_list_free(lines) }
        (handle, lines) = (nil, nil)
        upload.close()
    }

    private var phase: HTTPFailure.Phase {
        if answer.isComplete { return .answered }
        if hasBegunSending { return .sent }
        let lookedUp = handle.map { cc_get_number($0, CURLINFO_NAMELOOKUP_TIME_T) } ?? 0
        return lookedUp > 0 ? .connecting : .preparing
    }

    private func beginSink() {
        guard !hasBegunSink else { return }
        hasBegunSink = true
        guard let sink, answer.isSuccess else { return }
        do throws(HTTPFailure) { try sink.begin(answer.head(of: request.url)) } catch { problem = error }
    }

    private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        answer.add(bytes)
        if answer.size > Self.maximumHead {
            problem = fail(.garbled, "the head of the answer is larger than \(Self.maximumHead) bytes.")
        }
        return problem == nil
    }

    private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard answer.isSuccess else {
            body += bytes.prefix(Self.maximumErrorBody - body.count)
            return true
        }
        received += Int64(bytes.count)
        guard received <= request.maximumBody, (answer.contentLength ?? 0) <= request.maximumBody else {
            problem = fail(.tooLarge, "the answer is larger than \(request.maximumBody) bytes.")
            return false
        }
        beginSink()
        guard problem == nil else { return false }
        do throws(HTTPFailure) {
            if let sink { try sink.write(bytes) } else { body += bytes }
            return true
        } catch {
            problem = error
            return false
        }
    }

    private func fail(_ reason: HTTPFailure.Reason, _ text: String) -> HTTPFailure {
        HTTPFailure(reason, phase, "\(CurlProblem.subject(request)): \(text)")
    }

    // MARK: - What libcurl calls

    private static func transfer(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
        context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private static let onHeader: cc_write = { bytes, size, count, context in
        let isTaken = transfer(context)?.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
        return isTaken == true ? size * count : 0
    }

    private static let onBody: cc_write = { bytes, size, count, context in
        let isTaken = transfer(context)?.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
        return isTaken == true ? size * count : 0
    }

    private static let onUpload: cc_read = { buffer, size, count, context in
        guard let transfer = transfer(context), let buffer else { return Int(CURL_READFUNC_ABORT) }
        let room = UnsafeMutableRawBufferPointer(start: buffer, count: size * count)
        do throws(HTTPFailure) {
            return try transfer.upload.read(into: room)
        } catch {
            transfer.problem = transfer.fail(error.reason, error.message)
            return Int(CURL_READFUNC_ABORT)
        }
    }

    private static let onSeek: cc_seek = { context, offset, origin in
        guard origin == SEEK_SET, let transfer = transfer(context), transfer.request.method.isRepeatable else {
            return Int32(CURL_SEEKFUNC_FAIL)
        }
        return transfer.upload.rewind(to: Int64(offset)) ? Int32(CURL_SEEKFUNC_OK) : Int32(CURL_SEEKFUNC_FAIL)
    }

    private static let onBeforeRequest: cc_before_request = { context, _, _, _, _ in
        transfer(context)?.hasBegunSending = true
        return Int32(CURL_PREREQFUNC_OK)
    }
}
