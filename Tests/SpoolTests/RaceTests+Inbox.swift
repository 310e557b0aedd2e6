import JobCore
import Spool
import TestSupport
import Testing

/// Several processes look into one inbox.
extension RaceTests {
    private static func takeIn(_ world: SpoolWorld) throws -> SpoolFolder.InboxResult {
        try world.spool.admitFromInbox("album.json", isClosed: true, policy: world.policy)
    }

    @Test func inbox_takenInByAnotherProcessBetweenAnyTwoCalls_isOneJob() throws {
        try between(
            { world in
                try world.disk.create("inbox/album.json", Array(#"{"type":"NOOP"}"#.utf8))
                world.clock.advance(by: .seconds(60))
            },
            { world, _ in _ = try? Self.takeIn(world) },
            intervening: { world, _ in _ = try? Self.takeIn(world) },
            check: { world, place in
                // Whoever had to wait looks again.
                _ = try? Self.takeIn(world)
                let ids = try JobState.allCases.flatMap { try world.spool.ids(in: $0) }
                #expect(ids.map(\.text) == ["album"], "\(place)")
                #expect(try world.disk.status("inbox/album.json") == nil, "\(place)")
                try expectWhole(world, place)
            })
    }
}
