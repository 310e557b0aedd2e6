/// When a failed attempt is tried again without asking.
public enum RetryPolicy {
    /// The wait before the next attempt: min(15 s · 2^(n-1), 1 h) ± 15 %.
    ///
    /// - Parameters:
    ///   - failures: retryable failures so far, this one included; from 1.
    ///   - jitter: 0..<1, spreads jobs that failed together.
    public static func delay(afterFailures failures: Int, jitter: Double) -> Duration {
        let doublings = min(max(failures, 1) - 1, 20)
        let seconds = min(15 * Double(1 << doublings), 3600)
        return .milliseconds(Int64(seconds * 1000 * (0.85 + 0.3 * min(max(jitter, 0), 1))))
    }

    /// The wait after a worker died on the job: none the first time, then as after failures.
    ///
    /// A job that was merely beside a dying daemon runs again at once; one that takes its worker down gives others a
    /// turn before it gets its last try.
    public static func delay(afterCrashes crashes: Int, jitter: Double) -> Duration {
        crashes <= 1 ? .zero : delay(afterFailures: crashes - 1, jitter: jitter)
    }

    /// Nil when the job is failed for good.
    public static func delay(for failure: Failure, failures: Int, maximumAttempts: Int, jitter: Double) -> Duration? {
        guard failure.isRetryable, failures < maximumAttempts else { return nil }
        return delay(afterFailures: failures, jitter: jitter)
    }
}
