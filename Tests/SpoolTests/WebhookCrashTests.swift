import JobCore
import Spool
import TestSupport
import Testing

/// Killed and cut off at every change between a job's ending and its webhook's delivery: it is told, under one name.
@Suite("Crashes beside webhooks")
struct WebhookCrashTests {
    private static func settings() throws -> WebhookSettings {
        try Settings.resolve(
            flags: [
                .webhookURLs: "https://a.example/x,https://b.example/y",
                .webhookSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            ], environment: [:], envFile: [:]
        ).webhooks
    }

    /// What the daemon does after a job has ended, and what the next one does for all that ended since.
    @discardableResult
    private func tell(_ world: SpoolWorld, _ plan: WebhookPlan) throws -> [WebhookDelivery] {
        let spool = world.spool
        let book = try #require(try spool.webhookBook())
        var planned: [WebhookDelivery] = []
        for id in try spool.jobsEnded(since: book.since) {
            guard let (view, document) = try spool.ending(of: id, since: book.since) else { continue }
            let deliveries = plan.deliveries(of: view, document, book, at: spool.wallTime)
            _ = try spool.record(deliveries)
            planned += deliveries
        }
        return planned
    }

    /// One of them is sent, and its answer noted.
    private func send(_ world: SpoolWorld) throws {
        guard var delivery = try world.spool.webhooks().min(by: { $0.id < $1.id }) else { return }
        delivery.note(.status(200), at: world.spool.wallTime, jitter: 0)
        try world.spool.update(delivery)
    }

    @Test(arguments: [Durability.full, .fast], [nil, 1, 2, 3] as [UInt64?])
    func ending_isToldOnce_wheneverTheDaemonDies(durability: Durability, powerCut: UInt64?) throws {
        let plan = WebhookPlan(try Self.settings(), base: "http://127.0.0.1:8000")
        let before = try SpoolWorld(durability: durability)
        try before.spool.write(WebhookBook(start: before.spool.wallTime))
        try before.submit()
        before.disk.syncAll()
        let start = before.disk.state
        var (point, isOver, told) = (0, false, 0)
        while !isOver {
            let world = try SpoolWorld(state: start, durability: durability)
            world.disk.crash(after: point)
            do {
                _ = try world.finish(try world.claim())
                try tell(world, plan)
                try send(world)
                isOver = !world.disk.isCrashed
            } catch {}
            world.disk.reboot(powerCut: powerCut != nil, seed: (powerCut ?? 0) &+ UInt64(point))
            let after = try world.restarted()
            try after.recover()
            // Until a person or an attempt ends it there is nothing to tell.
            let hasEnded = try after.spool.state(of: SpoolWorld.id)?.isFinal == true
            let planned = try tell(after, plan)
            #expect(planned.count == (hasEnded ? 2 : 0), "died at change \(point)")
            let known = try Set(after.spool.webhooks().map(\.id))
            #expect(known.isSuperset(of: planned.map(\.id)), "died at change \(point)")
            // Without fsync a power cut may take back an ending that was told already.
            if durability == .full || powerCut == nil { #expect(known.count == planned.count, "died at \(point)") }
            #expect(try tell(after, plan) == planned, "died at change \(point)")
            #expect(try Set(after.spool.webhooks().map(\.id)) == known)
            if hasEnded { told += 1 }
            point += 1
        }
        // Without fsync a power cut takes most endings back.
        let mayLoseAll = durability == .fast && powerCut != nil
        #expect(point > 20 && (told > 5 || mayLoseAll), "nothing was looked into")
    }
}
