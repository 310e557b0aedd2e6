import Engine
import HTTPTypes
import HummingbirdCore
import JobCore
import Logging
import Synchronization

/// Answers requests: first the rules that hold for all of them, then the operation that a request names.
///
/// Invariants:
/// 1. A request that does not pass the gate reaches no operation, and learns nothing of any job.
/// 2. `GET` and `HEAD` change nothing, but that a login link is used up.
/// 3. Every answer from 400 on is a problem (RFC 9457).
struct Reception: Sendable {
    let desk: FrontDesk
    let host: HostRule
    /// Nil: nobody needs a token.
    let token: TokenRule?
    /// Nil without a token.
    let login: LoginRule?
    let cors: CORSRule
    let logger: Logger
    let tally = FailureTally()
    let counters = RequestCounters()
    let eventTexts = EventTexts()
    let connections: ConnectionCount

    /// Streams of events at the same time.
    static let streamLimit = 256

    /// The whole answer to a request.
    func respond(to head: HTTPRequest, _ body: RequestBody) async -> Response {
        let requestID = String(UInt64.random(in: 0 ... .max), radix: 36)
        var response: Response
        do {
            response = try await carriedOut(head, body)
        } catch {
            let problem = Problem(wrapping: error)
            if problem.status >= 500 {
                logger.warning(
                    "request failed",
                    metadata: ["request.id": "\(requestID)", "path": "\(Self.shown(head))", "error": "\(error)"])
            }
            response = .problem(problem, requestID: requestID)
        }
        counters.note(status: response.status.code)
        response.headers[.requestID] = requestID
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.date] = ServerDate.text(at: desk.now)
        cors.mark(&response.headers, for: head.headerFields[.origin])
        if head.method == .head {
            response = Response(status: response.status, headers: response.headers, body: ResponseBody())
        }
        return response
    }

    /// The path as logs may show it: a token in a query does not belong there.
    private static func shown(_ head: HTTPRequest) -> String {
        Redaction.redacted(String(Call.path(of: head.path ?? "").prefix(200)))
    }

    private func carriedOut(_ head: HTTPRequest, _ body: RequestBody) async throws -> Response {
        try checkHost(head)
        try checkOrigin(head)
        let path = Call.path(of: head.path ?? "")
        let match = RouteTable.match(head.method.rawValue, path)
        if cors.isPreflight(head), case .wrongMethod(let allowed) = match {
            return Response(status: .noContent, headers: CORSRule.preflight(allowed))
        }
        switch match {
        case .nothing:
            try checkToken(head)
            throw Problem(.notFound, "There is nothing at \(path.prefix(200)).")
        case .wrongMethod(let allowed):
            try checkToken(head)
            let names = allowed.joined(separator: ", ")
            throw Problem(.methodNotAllowed, "This address takes \(names).", headers: [.allow: names])
        case .found(let operation, let parameters):
            if !operation.isOpen { try checkToken(head) }
            return try await perform(operation, try Call(head: head, body: body, parameters: parameters))
        }
    }

    private func checkHost(_ head: HTTPRequest) throws(Problem) {
        guard let authority = head.authority, !authority.isEmpty, head.headerFields[.furtherHost] == nil else {
            throw Problem(.badRequest, "A request names one Host.", headers: [.connection: "close"])
        }
        guard host.verdict(authority) == .ours else {
            throw Problem(
                .misdirected, "\(authority.prefix(100)) is not an address of this daemon.",
                hint: "Use http://127.0.0.1:\(host.port), or name the host in KINOSPOOL_ALLOWED_HOSTS.")
        }
    }

    private func checkOrigin(_ head: HTTPRequest) throws(Problem) {
        guard head.method != .get, head.method != .head else { return }
        let fields = head.headerFields
        guard !cors.allows(fields[.origin]) else { return }
        guard OriginRule.allows(origin: fields[.origin], site: fields[.fetchSite], host: head.authority ?? "") else {
            throw Problem(.forbidden, "The request comes from a page of another site.")
        }
    }

    private func checkToken(_ head: HTTPRequest) throws(Problem) {
        guard let token else { return }
        guard !tally.isExceeded() else {
            throw Problem(.tooManyRequests, "Too many wrong tokens.", headers: [.retryAfter: "60"])
        }
        let offered = head.headerFields[.authorization]
        guard !token.allows(authorization: offered) else { return }
        if let login, login.allows(cookies: head.headerFields[.cookie], at: desk.now) { return }
        if offered != nil { tally.note() }
        throw Problem(
            .unauthorized, "The request has no token, or a wrong one.",
            hint: "Send Authorization: Bearer TOKEN, with what stands in KINOSPOOL_TOKEN_FILE. A browser opens what "
                + "kinospool config token --link prints.",
            headers: [.wwwAuthenticate: "Bearer"])
    }

    private func perform(_ operation: Operation, _ call: Call) async throws -> Response {
        switch operation {
        case .submitJob: try await submitJob(call)
        case .listJobs: try await listJobs(call)
        case .bulkJobs: try await bulkJobs(call)
        case .getJob: try await getJob(call)
        case .editJob: try await editJob(call)
        case .deleteJob: try await deleteJob(call)
        case .cancelJob: try await cancelJob(call)
        case .retryJob: try await retryJob(call)
        case .getLog: try await getLog(call)
        case .listArtifacts: try await listArtifacts(call)
        case .getArtifact: try await getArtifact(call)
        case .getInput: try await getInput(call)
        case .panelPage: panelFile(PanelFile.page, call)
        case .panelFile: try panelFile(call)
        case .stitchTimeline: try await stitchTimeline(call)
        case .events: try await events(call)
        case .upload: try await upload(call)
        case .getStorage: try await getStorage()
        case .cleanup: try await cleanup(call)
        case .pauseQueue: try await pauseQueue()
        case .resumeQueue: try await resumeQueue()
        case .listWebhooks: try await listWebhooks(call)
        case .replayWebhook: try await replayWebhook(call)
        case .getErrors: getErrors()
        case .getMetrics: try await getMetrics()
        case .getHealth: getHealth()
        case .login: try logIn(call)
        case .livez: Response.text("ok\n")
        case .readyz: try await readyz()
        case .getOpenAPI: getOpenAPI()
        case .getClient: Response.text(ClientFiles.script, type: "text/javascript; charset=utf-8")
        case .getClientTypes: Response.text(ClientFiles.types, type: "application/typescript; charset=utf-8")
        case .getTypedClient: Response.text(ClientFiles.typed, type: "application/typescript; charset=utf-8")
        case .createVideo: try await createVideo(call)
        case .listVideos: try await listVideos(call)
        case .getVideo: try await getVideo(call)
        case .deleteVideo: try await deleteVideo(call)
        case .getVideoContent: try await getVideoContent(call)
        case .remixVideo: try await remixVideo(call)
        }
    }
}
