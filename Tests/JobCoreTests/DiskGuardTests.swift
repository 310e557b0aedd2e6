import JobCore
import Testing

struct DiskGuardTests {
    /// At each border and one past it. 5 GB and 1 GB: half a gibibyte, and a quarter of the limit where that is less.
    @Test(
        arguments: [
            (5_000_000_000, 5_000_000_000, DiskGuard.Verdict.open), (5_000_000_000, 4_999_999_999, .closed),
            (5_000_000_000, 536_870_912, .closed), (5_000_000_000, 536_870_911, .stop), (5_000_000_000, 0, .stop),
            (1_000_000_000, 250_000_000, .closed), (1_000_000_000, 249_999_999, .stop),
            (0, 0, .open), (1, 0, .closed),
        ] as [(Int64, Int64, DiskGuard.Verdict)])
    func verdict_table(limit: Int64, free: Int64, verdict: DiskGuard.Verdict) {
        #expect(DiskGuard(minimumFree: limit).verdict(free: free) == verdict)
    }

    @Test func paidWork_isNeverStopped() {
        #expect(Lane.allCases.filter { $0.isPaid && $0.fillsTheDisk } == [])
    }
}
