import Engine
import HTTPTypes
import JobCore

/// Why a request is not carried out, as RFC 9457 has it, with the `error` member that the predecessor's clients read.
struct Problem: Error, Sendable, Equatable {
    let status: Int
    let code: String
    let title: String
    let detail: String
    let hint: String
    let isRetryable: Bool
    /// JSON pointers into the request's body, each with what is wrong there.
    var pointers: [Pointer] = []
    /// Headers that say more: `Allow`, `Retry-After`, …
    var headers: [HTTPField.Name: String] = [:]

    struct Pointer: Sendable, Equatable {
        let pointer: String
        let detail: String
    }

    init(_ kind: ProblemKind, _ detail: String, hint: String = "", headers: [HTTPField.Name: String] = [:]) {
        (status, code, title) = (kind.status, kind.rawValue, kind.title)
        (self.detail, self.hint) = (Redaction.redacted(detail), hint)
        (isRetryable, self.headers) = (kind.isRetryable, headers)
    }

    /// What a job could not be made of.
    init(_ failure: Failure) {
        switch failure.code {
        case .invalidJob: status = 400
        case .diskFull: status = 507
        case .configError, .workerTimeout, .userCanceled, .runpodSubmitError, .runpodExecutionError, .ffmpegError,
            .internalError, .invalidVideo, .runpodResultExpired, .submitUnknown, .dependencyFailed, .costCapExceeded:
            status = 500
        }
        (code, title, detail) = (failure.code.rawValue, failure.code.sentence, failure.message)
        (hint, isRetryable) = (failure.hint, failure.isRetryable)
        if failure.message.hasPrefix("/"), let space = failure.message.firstIndex(of: " ") {
            let pointer = String(failure.message[..<space])
            let rest = String(failure.message[failure.message.index(after: space)...])
            pointers = [Pointer(pointer: pointer, detail: rest)]
        }
    }

    init(_ refusal: DeskRefusal) {
        switch refusal {
        case .noSuchJob(let id):
            self.init(.noSuchJob, "There is no job \(id).", hint: "See the jobs there are: GET /jobs.")
        case .wrongState(let id, let state, let wanted):
            self.init(.wrongState, "Job \(id) is \(state.rawValue) and cannot \(wanted).")
        case .changedMeanwhile(let id):
            self.init(.preconditionFailed, "Job \(id) has changed.", hint: "Get it again and take its new ETag.")
        case .keyAtWork:
            self.init(
                .conflict, "A request with this Idempotency-Key is being carried out.", hint: "Ask again in a second.",
                headers: [.retryAfter: "1"])
        case .keyOfAnotherRequest(let id):
            self.init(
                .keyReused, "The Idempotency-Key belongs to the request that made job \(id), which was another.",
                hint: "Take a new key for a new request.")
        case .noSuchDelivery(let id): self.init(.notFound, "There is no webhook \(id).", hint: "See GET /webhooks.")
        case .notReady: self.init(.unavailable, "The daemon is starting.", headers: [.retryAfter: "1"])
        case .webhooksAreOff:
            self.init(
                .conflict, "Webhooks are off.",
                hint: "Set KINOSPOOL_WEBHOOK_URLS and KINOSPOOL_WEBHOOK_SECRET, then start the daemon anew.")
        case .noSuchUpload(let reference):
            self.init(
                Failure(
                    .invalidJob, "\(reference) was never uploaded, or is gone again.",
                    hint: "Upload the file again: POST /uploads."))
        }
    }

    /// Any error that reaches a request.
    init(wrapping error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let failure as Failure: self.init(failure)
        case let refusal as DeskRefusal: self.init(refusal)
        case is CancellationError: self.init(.unavailable, "The daemon is being stopped.")
        default: self.init(Failure(.internalError, "Something failed that should not."))
        }
    }

    /// The object of `application/problem+json`.
    func json(requestID: String) -> JSONValue {
        var fields: [String: JSONValue] = [
            "type": .string("/errors/\(code)"), "title": .string(title), "status": .integer(Int64(status)),
            "detail": .string(detail), "code": .string(code), "hint": .string(hint), "retryable": .bool(isRetryable),
            "request_id": .string(requestID),
            "error": [
                "code": .string(code), "message": .string(detail), "hint": .string(hint),
                "retryable": .bool(isRetryable),
            ],
        ]
        if !pointers.isEmpty {
            fields["errors"] = .array(
                pointers.map { ["pointer": .string($0.pointer), "detail": .string($0.detail)] })
        }
        return .object(fields)
    }
}
