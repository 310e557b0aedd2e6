/// What came of one try to deliver a webhook.
public enum WebhookAnswer: Sendable, Equatable {
    /// An answer of any status.
    case status(Int, retryAfter: Duration? = nil)
    /// No answer; why.
    case silence(String)
    /// It was not even tried, and never will be: nobody is allowed to send it there (any more).
    case notAllowed
}
