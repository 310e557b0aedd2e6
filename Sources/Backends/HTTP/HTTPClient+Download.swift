import Glibc
import JobCore

extension HTTPClient {
    /// Fetches a file into `path`, by way of `path.part`, and takes up what an earlier, broken download left there.
    ///
    /// A broken connection is taken up again with `Range` and `If-Range`, also by a later process; a server that knows
    /// no ranges sends all anew. `request.maximumBody` limits the whole file.
    ///
    /// - Parameters:
    ///   - expected: SHA-256 that the file must have, 64 hexadecimal digits.
    ///   - progress: bytes so far and in all; called from the client's thread.
    /// - Throws: `HTTPFailure`; the part stays for the next try, except when it is not what was expected, or too large.
    public func download(
        _ request: HTTPRequest, to path: String, expected: String? = nil, retries: HTTPRetries = HTTPRetries(),
        progress: @escaping @Sendable (Int64, Int64?) -> Void = { _, _ in }
    ) async throws(HTTPFailure) -> HTTPDownload {
        let part = path + ".part"
        let sink = try await Self.blocking { () throws(HTTPFailure) in
            try DownloadSink(part, limit: request.maximumBody, progress: progress)
        }
        do throws(HTTPFailure) {
            let head = try await fetch(request, into: sink, retries)
            let (size, checksum) = (sink.size, sink.checksum)
            guard expected == nil || expected?.lowercased() == checksum else {
                throw HTTPFailure(.wrongContent, .answered, "\(request.url.shown): the file has another checksum.")
            }
            try await Self.blocking { () throws(HTTPFailure) in
                do throws(Failure) { try ScratchFile.rename(part, to: path) } catch {
                    throw HTTPFailure(.file, .answered, error.message)
                }
                ScratchFile.removeBestEffort(part + ".tag")
            }
            return HTTPDownload(size: size, sha256: checksum, head: head)
        } catch {
            if error.reason == .wrongContent || error.reason == .tooLarge {
                ScratchFile.removeBestEffort(part)
                ScratchFile.removeBestEffort(part + ".tag")
            }
            throw error
        }
    }

    /// Why a try did not bring the whole file.
    private struct Trouble: Error {
        let failure: HTTPFailure
        var isWorthATry: Bool
        /// What the server asked for.
        var wait: Duration?
    }

    /// Goes on until the file is whole.
    private func fetch(
        _ request: HTTPRequest, into sink: DownloadSink, _ retries: HTTPRetries
    ) async throws(HTTPFailure) -> HTTPHead {
        var tries = 0
        while true {
            let before = sink.size
            do throws(Trouble) {
                return try await fetchOnce(request, into: sink)
            } catch {
                tries = sink.size > before ? 1 : tries + 1
                guard error.isWorthATry, tries < retries.limit else { throw error.failure }
                do {
                    try await retries.pause(HTTPRetries.wait(afterTries: tries, asked: error.wait))
                } catch {
                    throw HTTPFailure(.cancelled, .answered, "GET \(request.url.shown): cancelled.")
                }
            }
        }
    }

    private func fetchOnce(_ request: HTTPRequest, into sink: DownloadSink) async throws(Trouble) -> HTTPHead {
        var request = request
        let resuming = sink.resuming
        for field in resuming { request.headers[field.name] = field.value }
        let response: HTTPResponse
        do throws(HTTPFailure) {
            response = try await send(request, into: sink)
        } catch {
            // A range that does not fit: all of it, then.
            let isMisfit = error.reason == .wrongContent && !resuming.isEmpty
            if isMisfit { try restart(sink) }
            throw Trouble(failure: error, isWorthATry: error.isRetryable || isMisfit, wait: isMisfit ? .zero : nil)
        }
        if response.isSuccess {
            guard sink.total == nil || sink.total == sink.size else {
                let text = "\(request.url.shown): \(sink.size) of \(sink.total ?? 0) bytes came."
                throw Trouble(failure: HTTPFailure(.connectionLost, .answered, text), isWorthATry: true)
            }
            return response.head
        }
        if response.status == 416, !resuming.isEmpty {
            // Nothing is left to fetch, or what is here belongs to another version.
            if response.headers["Content-Range"] == "bytes */\(sink.size)" { return response.head }
            try restart(sink)
            let failure = HTTPFailure(.wrongContent, .answered, "\(request.url.shown): it changed meanwhile.")
            throw Trouble(failure: failure, isWorthATry: true, wait: .zero)
        }
        let text = "GET \(request.url.shown): status \(response.status). \(response.excerpt)"
        let failure = HTTPFailure(.refused, .answered, text, status: response.status)
        throw Trouble(failure: failure, isWorthATry: failure.isRetryable, wait: response.head.retryAfter(now: .wall))
    }

    private func restart(_ sink: DownloadSink) throws(Trouble) {
        do throws(HTTPFailure) { try sink.restart() } catch { throw Trouble(failure: error, isWorthATry: false) }
    }

    /// Runs calls that read and write files on a thread that may wait for them.
    static func blocking<Answer: Sendable>(
        _ body: @escaping @Sendable () throws(HTTPFailure) -> Answer
    ) async throws(HTTPFailure) -> Answer {
        do {
            return try await BlockingWork.run(body)
        } catch let error as HTTPFailure {
            throw error
        } catch {
            throw HTTPFailure(.file, .preparing, "\(error)")
        }
    }
}

extension Timestamp {
    /// Now, by the wall clock: only for dates that servers name.
    static var wall: Timestamp {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(milliseconds: Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000)
    }
}
