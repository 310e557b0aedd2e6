import Testing

@testable import Engine

@Suite(.timeLimit(.minutes(3))) struct BellTests {
    @Test func rings_whileNobodyListens_becomeOne() async {
        let bell = Bell()
        for _ in 0..<1000 { bell.ring() }
        bell.stop()
        #expect(await count(bell) == 1)
    }

    @Test func stop_endsTheLoop() async {
        let bell = Bell()
        bell.stop()
        bell.ring()
        #expect(await count(bell) == 0)
    }

    @Test func ringAfter_ringsWhenTheTimeHasCome() async {
        let bell = Bell()
        let (clock, start) = (ContinuousClock(), ContinuousClock().now)
        bell.ring(after: .milliseconds(50))
        var rings = bell.rings.makeAsyncIterator()
        await rings.next()
        #expect(clock.now - start >= .milliseconds(49))
    }

    @Test func ringAfter_ofTwoAlarmsTheEarlierCounts() async {
        let bell = Bell()
        let (clock, start) = (ContinuousClock(), ContinuousClock().now)
        bell.ring(after: .seconds(3600))
        bell.ring(after: .milliseconds(20))
        bell.ring(after: .seconds(1800))
        var rings = bell.rings.makeAsyncIterator()
        await rings.next()
        #expect(clock.now - start < .seconds(50))
    }

    @Test func ringAfter_again_ringsAgain() async {
        let bell = Bell()
        var rings = bell.rings.makeAsyncIterator()
        for _ in 0..<3 {
            bell.ring(after: .milliseconds(1))
            await rings.next()
        }
        bell.ring(after: .zero)
        await rings.next()
        bell.stop()
        #expect(await rings.next() == nil)
    }

    private func count(_ bell: Bell) async -> Int {
        var count = 0
        for await _ in bell.rings { count += 1 }
        return count
    }
}
