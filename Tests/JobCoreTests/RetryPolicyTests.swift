import JobCore
import Testing

@Suite("Retry policy")
struct RetryPolicyTests {
    @Test(arguments: [
        (1, 15), (2, 30), (3, 60), (8, 1_920), (9, 3_600), (21, 3_600), (Int.max, 3_600), (0, 15), (-5, 15),
    ])
    func delay_withEvenJitter_doublesUpToAnHour(failures: Int, seconds: Int) {
        #expect(RetryPolicy.delay(afterFailures: failures, jitter: 0.5) == .seconds(seconds))
    }

    @Test(arguments: [(0.0, 12_750), (1.0, 17_250), (-3.0, 12_750), (7.0, 17_250)])
    func jitter_staysWithin15Percent(jitter: Double, milliseconds: Int) {
        #expect(RetryPolicy.delay(afterFailures: 1, jitter: jitter) == .milliseconds(milliseconds))
    }

    @Test func delay_forAFailure_endsWithTheAttemptsAndWithTheCode() {
        let shaky = Failure(.internalError, "It shook.")
        let broken = Failure(.invalidVideo, "It broke.")
        func delay(_ failure: Failure, _ failures: Int) -> Duration? {
            RetryPolicy.delay(for: failure, failures: failures, maximumAttempts: 3, jitter: 0.5)
        }
        #expect(delay(shaky, 2) == .seconds(30))
        #expect(delay(shaky, 3) == nil)
        #expect(delay(broken, 1) == nil)
    }
}
