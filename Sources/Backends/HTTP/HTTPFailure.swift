public import JobCore

/// A request that got no whole answer. An answer with an error status is none of these.
public struct HTTPFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong.
    public enum Reason: String, Sendable {
        /// The task was cancelled.
        case cancelled
        /// The request cannot be sent as it is, or libcurl is missing; trying again is useless.
        case unusable
        case nameNotFound
        /// Refused, unreachable, or the proxy did not let it through.
        case notConnected
        /// TLS: no common protocol, or a certificate that is not to be trusted.
        case untrusted
        case timedOut
        /// Reset, or closed before the answer was whole.
        case connectionLost
        /// What came is not HTTP, or its head is larger than 64 KiB.
        case garbled
        /// More bytes than were allowed.
        case tooLarge
        /// To another protocol, in a circle, or too many.
        case badRedirect
        /// A local file could not be read or written.
        case file
        case diskFull
        /// A download was answered with an error; `status` tells which.
        case refused
        /// What came is not what was promised: another checksum, or a range that does not fit.
        case wrongContent
    }

    /// How far it had come: in the order of a request's life.
    public enum Phase: Int, Sendable, Comparable {
        /// Nothing left this machine but perhaps a question for a name.
        case preparing
        /// A connection was wanted; no byte of the request was sent.
        case connecting
        /// Bytes of the request may have arrived, no answer has.
        case sent
        /// The head of an answer came.
        case answered

        public static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
    }

    public let reason: Reason
    public let phase: Phase
    /// What failed, on what, why; without secrets.
    public let message: String

    /// The answer's status where it is the reason, else nil.
    public let status: Int?

    public init(_ reason: Reason, _ phase: Phase, _ message: String, status: Int? = nil) {
        (self.reason, self.phase, self.message) = (reason, phase, Redaction.redacted(message))
        self.status = status
    }

    /// Whether the server may have seen the request, so that a second one could be done twice.
    ///
    /// False is certain: libcurl tells right before it sends the first byte (`CURLOPT_PREREQFUNCTION`), and never
    /// sends a request that is not repeatable on a connection that it used before.
    public var mayHaveArrived: Bool { phase >= .sent }

    /// Whether trying the same again may succeed.
    public var isRetryable: Bool {
        switch reason {
        case .nameNotFound, .notConnected, .timedOut, .connectionLost, .garbled: true
        case .refused: status.map { HTTPFailure.passingStatuses.contains($0) } ?? false
        case .cancelled, .unusable, .untrusted, .tooLarge, .badRedirect, .file, .diskFull, .wrongContent: false
        }
    }

    /// Statuses that say "later": too slow, too many, and servers that are in trouble.
    public static let passingStatuses: Set<Int> = [408, 425, 429, 500, 502, 503, 504]

    public var description: String { message }

    /// What a backend throws for it: `CancellationError` when the task was cancelled, `disk_full` on a full disk,
    /// else the given code.
    public func error(_ code: FailureCode, hint: String? = nil) -> any Error {
        switch reason {
        case .cancelled: CancellationError()
        case .diskFull: Failure(.diskFull, message)
        default: Failure(code, message, hint: hint, isRetryable: code.isRetryable && isRetryable)
        }
    }
}
