import Testing

@testable import Web

@Suite struct EventBacklogTests {
    @Test func backlog_takesUpToItsLimitInBytes_andNothingAfterOneTooMany() async {
        let backlog = EventBacklog()
        let half = String(repeating: "x", count: EventBacklog.limit / 2)
        #expect(backlog.add(half) && backlog.add(half))
        #expect(backlog.take()?.utf8.count == EventBacklog.limit)
        #expect(backlog.take() == nil)
        #expect(backlog.add(half) && backlog.add(half) && !backlog.add("y"))
        // What waits is still sent, and that nothing more comes is told.
        #expect(!backlog.add("z"))
        #expect(backlog.take() == half + half)
        for await _ in backlog.rings {}
    }

    @Test func end_isTold_afterWhatWaits() async {
        let backlog = EventBacklog()
        #expect(backlog.add("a"))
        backlog.end()
        for await _ in backlog.rings {}
        #expect(backlog.take() == "a")
    }
}
