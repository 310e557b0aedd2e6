import JobCore
import Spool
import Synchronization
import TestSupport
import Testing

@testable import Backends
@testable import Engine

/// A daemon and a receiver of webhooks with good and bad luck.
@Suite(.timeLimit(.minutes(3))) struct MessengerTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private func flags(_ server: FakeHTTPServer, _ more: [SettingKey: String] = [:]) -> [SettingKey: String] {
        [.webhookURLs: server.url("/hook"), .webhookSecret: Self.secret].merging(more) { $1 }
    }

    private func type(_ request: FakeHTTPRequest) -> String {
        (try? JSONReader.read(request.body))?.object?["type"]?.string ?? ""
    }

    private func states(_ stage: Stage) throws -> [WebhookDelivery.State] {
        try stage.spool.folder.webhooks().sorted { $0.createdAt < $1.createdAt }.map(\.state)
    }

    @Test func endings_areToldOnce_signed_andThenThatTheQueueIsIdle() async throws {
        let server = try FakeHTTPServer { _ in .text(204, "") }
        defer { server.stop() }
        try await Stage.play(settings: flags(server, [.publicURL: "http://studio.example:8000"])) { stage in
            try stage.drop("boats", #"{"type":"NOOP","params":{"prompt":"a private wish"}}"#)
            await server.received(2)
            try await stage.until { try states(stage) == [.delivered, .delivered] }
            let requests = server.requests
            #expect(requests.map(type).sorted() == ["job.done", "queue.idle"])
            let done = try #require(requests.first { type($0) == "job.done" })
            let id = try #require(done["webhook-id"])
            let seconds = try #require(done["webhook-timestamp"].flatMap { Int64($0) })
            let secret = try #require(WebhookSecret(Self.secret))
            #expect(done["webhook-signature"] == secret.signature(id: id, seconds: seconds, body: done.body))
            #expect(done["Content-Type"] == "application/json")
            #expect(done.text.contains(#""url":"http://studio.example:8000/jobs/boats""#))
            #expect(!done.text.contains("private wish"))
            // What is on the disk names neither the address nor the secret.
            let paths = stage.spool.listing("webhooks").map { "webhooks/\($0)" } + [SpoolLayout.webhookBook]
            for path in paths {
                let bytes = try #require(try stage.spool.files.read(path, limit: 1 << 20)).bytes
                let text = String(decoding: bytes, as: UTF8.self)
                #expect(!text.contains("/hook") && !text.contains("whsec_"))
            }
        }
        #expect(server.requests.count == 2)
    }

    @Test func whatEndedWhileNobodyLooked_isToldByTheNextStart_andOnlyThat() async throws {
        let server = try FakeHTTPServer { _ in .text(200, "") }
        defer { server.stop() }
        let spool = try TemporarySpool()
        // Before webhooks were on: never told.
        try await Stage.play(sharing: spool) { stage in
            try stage.drop("old")
            try await stage.until("old", is: .done)
        }
        try await Stage.play(settings: flags(server), options: paused, sharing: spool) { stage in
            try stage.drop("boats")
            try await stage.until { try stage.exists(SpoolLayout.birth("boats")) }
        }
        #expect(server.requests.isEmpty)
        // No daemon is there.
        #expect(try spool.folder.cancel("boats") == .canceled)
        try await Stage.play(settings: flags(server), options: paused, sharing: spool) { stage in
            await server.received(2)
            try await stage.until { try states(stage) == [.delivered, .delivered] }
        }
        #expect(Set(server.requests.map(type)) == ["job.canceled", "queue.idle"])
        // Again: it was told, and is not told again.
        try spool.folder.resume()
        try await Stage.play(settings: flags(server), sharing: spool) { stage in
            try stage.drop("next")
            await server.received(4)
            try await stage.until { try states(stage).allSatisfy { $0 == .delivered } }
        }
        #expect(server.requests.map(type).sorted() == ["job.canceled", "job.done", "queue.idle", "queue.idle"])
        #expect(Set(server.requests.compactMap { $0["webhook-id"] }).count == 4)
    }

    private var paused: Daemon.Options { Daemon.Options(role: .daemon, startsPaused: true) }

    @Test func killedBeforeTheDelivery_tellsItAtTheNextStart_underTheSameId() async throws {
        let isUp = Mutex(false)
        let server = try FakeHTTPServer { _ in isUp.withLock { $0 } ? .text(200, "") : .hang }
        defer { server.stop() }
        let spool = try TemporarySpool()
        try await Stage.play(settings: flags(server), sharing: spool) { stage in
            try stage.drop("boats")
            await server.received(2)
        }
        let first = Set(server.requests.compactMap { $0["webhook-id"] })
        #expect(try spool.folder.webhooks().map(\.state) == [.pending, .pending])
        // As if the daemon had been killed after the job's commit: not even the file is there.
        for delivery in try spool.folder.webhooks() { try spool.folder.remove(delivery.id) }
        var book = try #require(try spool.folder.webhookBook())
        book.idleAfter = nil
        try spool.folder.write(book)
        isUp.withLock { $0 = true }
        try await Stage.play(settings: flags(server), sharing: spool) { stage in
            try await stage.until { try states(stage) == [.delivered, .delivered] }
        }
        #expect(Set(server.requests.dropFirst(2).compactMap { $0["webhook-id"] }) == first)
    }

    @Test func refusals_areTriedAgain_andRedirectsLeadNowhere() async throws {
        let elsewhere = try FakeHTTPServer { _ in .text(200, "") }
        defer { elsewhere.stop() }
        let target = elsewhere.url("/stolen")
        let server = try FakeHTTPServer { request in
            switch request.number {
            case 1: .text(500, "no")
            case 2: .redirect(307, to: target)
            case 3: .text(429, "later", headers: [("Retry-After", "400")])
            default: .text(200, "")
            }
        }
        defer { server.stop() }
        // Endpoints of jobs are told of their jobs alone: no queue.idle comes in between.
        let settings: [SettingKey: String] = [
            .webhookAllow: server.url("/"), .webhookSecret: Self.secret,
        ]
        try await Stage.play(settings: settings, haste: 3000) { stage in
            try stage.drop("boats", #"{"type":"NOOP","webhook_url":"\#(server.url("/mine"))"}"#)
            await server.received(4)
            try await stage.until { try states(stage) == [.delivered] }
            let delivery = try #require(try stage.spool.folder.webhooks().first)
            #expect(delivery.tries == 4 && delivery.job == "boats" && delivery.lastStatus == 200)
        }
        #expect(elsewhere.requests.isEmpty)
        #expect(Set(server.requests.compactMap { $0["webhook-id"] }).count == 1)
        #expect(Set(server.requests.map(\.text)).count == 1)
    }

    @Test func gone_disablesTheReceiver_untilAReplay() async throws {
        let isGone = Mutex(true)
        let server = try FakeHTTPServer { _ in .text(isGone.withLock { $0 } ? 410 : 200, "") }
        defer { server.stop() }
        let spool = try TemporarySpool()
        let settings: [SettingKey: String] = [.webhookAllow: server.url("/"), .webhookSecret: Self.secret]
        let job = #"{"type":"NOOP","webhook_url":"\#(server.url("/mine"))"}"#
        try await Stage.play(settings: settings, sharing: spool) { stage in
            try stage.drop("boats", job)
            try await stage.until { try states(stage) == [.disabled] }
            try stage.drop("next", job)
            try await stage.until("next", is: .done)
        }
        isGone.withLock { $0 = false }
        try await Stage.play(settings: settings, sharing: spool) { stage in
            #expect(try spool.folder.webhookBook()?.disabled.count == 1)
            try await stage.untilSaid("ready")
            let all = try spool.folder.webhooks()
            #expect(all.map(\.state) == [.disabled] && server.requests.count == 1)
            let id = try #require(all.first).id
            #expect(try await stage.desk.replayWebhook(id).state == .pending)
            try await stage.until { try spool.folder.webhook(id)?.state == .delivered }
            #expect(try spool.folder.webhookBook()?.disabled == [])
        }
    }

    @Test func unlistedURL_ofADroppedJob_isNeverCalled() async throws {
        let server = try FakeHTTPServer { _ in .text(200, "") }
        let stranger = try FakeHTTPServer { _ in .text(200, "") }
        defer {
            server.stop()
            stranger.stop()
        }
        try await Stage.play(settings: flags(server)) { stage in
            try stage.drop("boats", #"{"type":"NOOP","webhook_url":"\#(stranger.url("/x"))"}"#)
            await server.received(2)
            try await stage.until { try states(stage) == [.delivered, .delivered] }
        }
        #expect(stranger.requests.isEmpty)
    }

    @Test func fullDisk_isToldOnce() async throws {
        let server = try FakeHTTPServer { _ in .text(200, "") }
        defer { server.stop() }
        let spool = try TemporarySpool()
        let settings = flags(server, [.minimumFree: "900TB"])
        for _ in 0..<2 {
            try await Stage.play(settings: settings, sharing: spool) { stage in
                await server.received(1)
                try await stage.until { try states(stage) == [.delivered] }
            }
        }
        #expect(server.requests.map(type) == ["storage.low"])
    }

    @Test func copyOfASpool_saysNothingBeforeAPersonResumes() async throws {
        let server = try FakeHTTPServer { _ in .text(200, "") }
        defer { server.stop() }
        try await Stage.play(
            settings: flags(server),
            prepared: { spool in try spool.drop(SpoolLayout.pausedPaid, Array("{}".utf8)) }
        ) { stage in
            try stage.drop("boats")
            try await stage.until { try states(stage) == [.pending, .pending] }
            #expect(server.requests.isEmpty)
            try stage.spool.folder.resume()
            await server.received(2)
        }
    }
}
