import JobCore
import Testing

@Suite struct StalenessObserverTests {
    private let (one, two): (JobID, JobID)

    init() throws { (one, two) = (try #require(JobID("one")), try #require(JobID("two"))) }

    @Test func observe_countsFromTheFirstSightOfAStamp() {
        var observer = StalenessObserver()
        #expect(observer.observe(one, stamp: 5, now: .seconds(100)) == .zero)
        #expect(observer.observe(one, stamp: 5, now: .seconds(130)) == .seconds(30))
        #expect(observer.observe(one, stamp: 6, now: .seconds(140)) == .zero)
        #expect(observer.observe(one, stamp: 6, now: .seconds(141)) == .seconds(1))
    }

    @Test func observe_neverComparesTheStampWithTheClock() {
        var observer = StalenessObserver()
        // From the future, from 1970, and going backwards: a change is a sign of life.
        for (index, stamp) in [Int64.max, 0, -5, 3].enumerated() {
            #expect(observer.observe(one, stamp: stamp, now: .seconds(1000 * index)) == .zero)
        }
    }

    @Test func keepOnly_forgetsTheOthers() {
        var observer = StalenessObserver()
        _ = observer.observe(one, stamp: 1, now: .seconds(0))
        _ = observer.observe(two, stamp: 1, now: .seconds(0))
        observer.keepOnly([two])
        #expect(observer.observe(one, stamp: 1, now: .seconds(50)) == .zero)
        #expect(observer.observe(two, stamp: 1, now: .seconds(50)) == .seconds(50))
    }

    @Test func startAnew_grantsAFullTimeout() {
        var observer = StalenessObserver()
        _ = observer.observe(one, stamp: 1, now: .seconds(0))
        observer.startAnew(now: .seconds(500))
        #expect(observer.observe(one, stamp: 1, now: .seconds(503)) == .seconds(3))
    }

    @Test func nextExpiry_isThatOfTheOldestSighting() {
        var observer = StalenessObserver()
        #expect(observer.nextExpiry(timeout: .seconds(10), now: .seconds(0)) == nil)
        _ = observer.observe(one, stamp: 1, now: .seconds(0))
        _ = observer.observe(two, stamp: 1, now: .seconds(4))
        #expect(observer.nextExpiry(timeout: .seconds(10), now: .seconds(5)) == .seconds(5))
        #expect(observer.nextExpiry(timeout: .seconds(10), now: .seconds(60)) == .zero)
    }
}
