import JobCore

/// The few requests that RunPod is asked, each one sent once. The key travels in a header and nowhere else.
struct RunPodService: Sendable {
    let client: HTTPClient
    let key: RunPodKey
    /// How long an answer may take, and one that may hold a film.
    var limits = HTTPLimits(), transferLimits = HTTPLimits.transfer

    /// A status that is kept in memory: what RunPod itself takes of a worker, 20 MB, and more.
    static let largestStatus: Int64 = 48 << 20
    /// The answer to a cancel, which has about 60 bytes.
    static let largestConfirmation: Int64 = 1 << 20
    /// The list of an endpoint's runs with their inputs: one that is as large as `/run` takes, and small ones.
    static let largestList = Int64(RunPodOrder.maximumBytes) + 2 << 20
    /// Answers whose films go to files, and what of them stays in memory.
    static let largestSpill: Int64 = 8 << 30, largestDocument = 24 << 20
    /// How long the answer to a submit may still come when the attempt is told to stop.
    static let lastWait = Duration.seconds(4)

    /// Hands a run over.
    ///
    /// What is under way when the task is cancelled is waited for a moment longer: an answer that names the run is
    /// worth more than the time.
    func submit(_ order: RunPodOrder, to endpoint: RunPodEndpoint) async -> RunPodRun.Sending {
        guard var request = request(.post, endpoint.run, body: order.body) else { return .notSent("no URL") }
        request.limits.stall = nil
        let (client, sending) = (client, request)
        // Not a child task: the cancel of this one must not tear the request off between its bytes.
        let task = Task { await Self.sent(client, sending) }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            Task {
                try? await Task.sleep(for: Self.lastWait)
                task.cancel()
            }
        }
    }

    private static func sent(_ client: HTTPClient, _ request: HTTPRequest) async -> RunPodRun.Sending {
        do {
            return .reply(RunPodReply(try await client.send(request)))
        } catch {
            return error.mayHaveArrived ? .broken(error.message) : .notSent(error.message)
        }
    }

    func status(_ id: String, at endpoint: RunPodEndpoint) async throws -> RunPodRun.Answer {
        try await answer(.get, endpoint.status(id), maximum: Self.largestStatus)
    }

    /// The same, with films that stand in the answer going to files while they come in.
    ///
    /// - Parameter folder: where they go; those of an earlier answer are written over.
    /// - Returns: the answer with a placeholder for each of the files.
    /// - Throws: `disk_full`; `CancellationError`.
    func status(
        _ id: String, at endpoint: RunPodEndpoint, spillingTo folder: String
    ) async throws -> (RunPodRun.Answer, [String: JSONSpill.File]) {
        guard var request = request(.get, endpoint.status(id), body: []) else { return (.noAnswer("no URL"), [:]) }
        request.maximumBody = Self.largestSpill
        request.limits = transferLimits
        let spill = JSONSpill(folder: folder, maximumDocument: Self.largestDocument)
        do throws(HTTPFailure) {
            let response = try await client.send(request, into: spill)
            let body = response.isSuccess ? spill.document : response.body
            let reply = RunPodReply(
                status: response.status, body: body, retryAfter: response.head.retryAfter(now: .wall))
            return (.reply(reply), spill.files)
        } catch {
            switch error.reason {
            case .cancelled: throw CancellationError()
            case .diskFull: throw Failure(.diskFull, error.message)
            // What begins like base64 and is none stays a text, as far as memory allows.
            case .wrongContent: return (try await status(id, at: endpoint), [:])
            case .tooLarge: return (.tooLarge(error.message), [:])
            default: return (.noAnswer(error.message), [:])
            }
        }
    }

    /// Repeating it is harmless.
    func cancel(_ id: String, at endpoint: RunPodEndpoint) async throws -> RunPodRun.Answer {
        try await answer(.post, endpoint.cancel(id), maximum: Self.largestConfirmation)
    }

    /// Nil when nobody can tell.
    func health(of endpoint: RunPodEndpoint) async throws -> RunPodHealth? {
        guard case .reply(let reply) = try await answer(.get, endpoint.health, maximum: 1 << 20),
            reply.status == 200, let value = reply.json
        else { return nil }
        return RunPodHealth(value)
    }

    /// Looks for a run whose id was lost.
    func find(_ digest: String, at endpoint: RunPodEndpoint) async throws -> RunPodRun.Finding {
        switch try await answer(.get, endpoint.requests, maximum: Self.largestList) {
        case .noAnswer(let why), .tooLarge(let why): .noAnswer(why)
        case .reply(let reply): RunPodRequests.find(digest, in: reply)
        }
    }

    private func answer(
        _ method: HTTPRequest.Method, _ url: String, maximum: Int64
    ) async throws -> RunPodRun.Answer {
        guard var request = request(method, url, body: []) else { return .noAnswer("no URL") }
        request.maximumBody = maximum
        do {
            return .reply(RunPodReply(try await client.send(request)))
        } catch {
            if error.reason == .cancelled { throw CancellationError() }
            return error.reason == .tooLarge ? .tooLarge(error.message) : .noAnswer(error.message)
        }
    }

    private func request(_ method: HTTPRequest.Method, _ url: String, body: [UInt8]) -> HTTPRequest? {
        guard let url = WebURL(url) else { return nil }
        var request = HTTPRequest(
            method, url, headers: ["Authorization": "Bearer \(key.secret)", "Accept": "application/json"],
            body: method == .post ? .bytes(body) : .none)
        request.limits = limits
        if !body.isEmpty { request.headers["Content-Type"] = "application/json" }
        // A redirect would carry the request, and perhaps the key, to somewhere else.
        request.maximumRedirects = 0
        return request
    }
}

extension RunPodReply {
    init(_ response: HTTPResponse) {
        self.init(
            status: response.status, body: response.body, retryAfter: response.head.retryAfter(now: .wall))
    }
}
