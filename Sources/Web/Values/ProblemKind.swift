/// Why a request was not carried out, where no job failed: the codes of the HTTP API beside those of jobs.
enum ProblemKind: String, CaseIterable, Sendable {
    case badRequest = "bad_request"
    case unauthorized
    case forbidden
    case notFound = "not_found"
    case noSuchJob = "no_such_job"
    case methodNotAllowed = "method_not_allowed"
    case wrongState = "wrong_state"
    case conflict
    case preconditionFailed = "precondition_failed"
    case tooLarge = "too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case rangeNotSatisfiable = "range_not_satisfiable"
    case misdirected
    case keyReused = "idempotency_key_reused"
    case tooManyRequests = "too_many_requests"
    case headersTooLarge = "headers_too_large"
    case unavailable

    /// The status of the answer.
    var status: Int {
        switch self {
        case .badRequest: 400
        case .unauthorized: 401
        case .forbidden: 403
        case .notFound, .noSuchJob: 404
        case .methodNotAllowed: 405
        case .wrongState, .conflict: 409
        case .preconditionFailed: 412
        case .tooLarge: 413
        case .unsupportedMediaType: 415
        case .rangeNotSatisfiable: 416
        case .misdirected: 421
        case .keyReused: 422
        case .tooManyRequests: 429
        case .headersTooLarge: 431
        case .unavailable: 503
        }
    }

    /// One sentence that is the same for every problem of the kind.
    var title: String {
        switch self {
        case .badRequest: "The request does not make sense."
        case .unauthorized: "A token is needed."
        case .forbidden: "A page of another site may not do that."
        case .notFound: "There is nothing at this address."
        case .noSuchJob: "There is no such job."
        case .methodNotAllowed: "This address does not take that method."
        case .wrongState: "The job's state does not allow that."
        case .conflict: "Another request is in the way."
        case .preconditionFailed: "The job is not as you believe."
        case .tooLarge: "The request is too large."
        case .unsupportedMediaType: "The body is of the wrong kind."
        case .rangeNotSatisfiable: "The file ends before that range."
        case .misdirected: "The request names a host that is not this one."
        case .keyReused: "The idempotency key came with another request before."
        case .tooManyRequests: "Too much at once."
        case .headersTooLarge: "The request's head is too large."
        case .unavailable: "Not now."
        }
    }

    /// Whether the same request may succeed later.
    var isRetryable: Bool {
        switch self {
        case .conflict, .tooManyRequests, .unavailable: true
        case .badRequest, .unauthorized, .forbidden, .notFound, .noSuchJob, .methodNotAllowed, .wrongState,
            .preconditionFailed, .tooLarge, .unsupportedMediaType, .rangeNotSatisfiable, .misdirected, .keyReused,
            .headersTooLarge:
            false
        }
    }
}
