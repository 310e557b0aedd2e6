import JobCore
import Spool
import TestSupport

/// Every operation of the protocol, each with what the disk holds before and where the job may be after.
enum CrashScenarios {
    private static let id = SpoolWorld.id

    struct NotDone: Error {
        let answer: String

        init(_ answer: Any) { self.answer = "\(answer)" }
    }

    static let all = [
        CrashCampaign(
            name: "submit", given: { _ in }, act: { try $0.submit() }, midway: [nil], acknowledged: [.queued]),
        CrashCampaign(
            name: "submit with an attachment", given: { _ in },
            act: { world in
                world.disk.putOutside("/cat.png", Array("a cat".utf8))
                try world.submit(attachments: [Submission.Attachment(name: "cat.png", source: "/cat.png")])
            }, midway: [nil], acknowledged: [.queued],
            check: { world in
                let bytes = try world.disk.read("\(SpoolLayout.inputs(id))/cat.png", limit: 99)?.bytes
                return bytes == Array("a cat".utf8) ? [] : ["the attachment is \(bytes ?? [])"]
            }),
        CrashCampaign(
            name: "drop", given: { try $0.disk.create("queued/\(id).json", SpoolWorld.document().bytes) },
            act: admitAll, midway: [], acknowledged: [.queued]),
        CrashCampaign(
            name: "drop with a name that is no id",
            given: { try $0.disk.create("queued/My Film.JSON", chosen(id).bytes) }, act: admitAll, midway: [],
            acknowledged: [.queued]),
        CrashCampaign(
            name: "drop into the inbox",
            given: { world in
                try world.disk.makeFolder("inbox/boats")
                try world.disk.create("inbox/boats/Film.json", withPicture(chosen(id)).bytes)
                try world.disk.create("inbox/boats/cat.png", Array("a cat".utf8))
                world.clock.advance(by: .seconds(60))
            },
            act: { world in
                let path = "boats/Film.json"
                world.clock.advance(by: .seconds(60))
                let answer = try world.spool.admitFromInbox(path, isClosed: true, policy: world.policy)
                try expect(.submitted(id), answer)
            }, midway: [], acknowledged: [.queued],
            check: { world in
                let bytes = try world.disk.read("\(SpoolLayout.inputs(id))/cat.png", limit: 99)?.bytes
                return bytes == Array("a cat".utf8) ? [] : ["the attachment is \(bytes ?? [])"]
            }),
        CrashCampaign(
            name: "claim", given: { try $0.submit() }, act: { _ = try $0.claim() }, midway: [],
            acknowledged: [.queued]),
        CrashCampaign(
            name: "finish done", given: { try $0.submit() }, act: { try expect(.recorded, $0.finish(try $0.claim())) },
            midway: [.queued], acknowledged: [.done]),
        CrashCampaign(
            name: "finish done at the second attempt",
            given: { world in
                try world.submit()
                _ = try world.spool.requeue(try world.claim(), after: .zero, .failure, SpoolWorld.failure)
            },
            act: { try expect(.recorded, $0.finish(try $0.claim())) }, midway: [.queued], acknowledged: [.done]),
        CrashCampaign(
            name: "finish done without files", given: { try $0.submit(JobDocument(["type": "NOOP"])) },
            act: { world in
                let ending = JobEnding(try world.claim(isWriting: false), .done([]))
                try expect(.recorded, world.spool.finish([ending])[0])
            }, midway: [.queued], acknowledged: [.done]),
        CrashCampaign(
            name: "finish failed", given: { try $0.submit() },
            act: { world in
                let ending = JobEnding(try world.claim(), .failed(SpoolWorld.failure))
                try expect(.recorded, world.spool.finish([ending])[0])
            }, midway: [.queued], acknowledged: [.failed]),
        CrashCampaign(
            name: "requeue", given: { try $0.submit() },
            act: { world in
                let job = try world.claim()
                _ = try world.makeFilm(job)
                let isBack = try world.spool.requeue(job, after: .seconds(5), .failure, SpoolWorld.failure)
                try expect(true, isBack)
            }, midway: [], acknowledged: [.queued]),
        CrashCampaign(
            name: "cancel queued", given: { try $0.submit() },
            act: { try expect(.canceled, $0.spool.cancel(id)) }, midway: [.queued], acknowledged: [.canceled]),
        CrashCampaign(
            name: "cancel running", given: { try $0.submit() },
            act: { world in
                let job = try world.claim()
                _ = try world.makeFilm(job)
                try expect(.canceled, world.spool.cancel(id))
            }, midway: [.queued], acknowledged: [.canceled]),
        CrashCampaign(
            name: "cancel a drop that nobody admitted",
            given: { try $0.disk.create("queued/\(id).json", SpoolWorld.document().bytes) },
            act: { try expect(.canceled, $0.spool.cancel(id)) }, midway: [.queued], acknowledged: [.canceled]),
        CrashCampaign(
            name: "retry failed", given: { try end($0, .failed(SpoolWorld.failure)) },
            act: { try $0.spool.retry(id, changes: ["prompt": "ships"]) }, midway: [.failed],
            acknowledged: [.queued], check: { try prompt($0, "ships") }),
        CrashCampaign(
            name: "retry and claim", given: { try end($0, .failed(SpoolWorld.failure)) },
            act: { world in
                try world.spool.retry(id, changes: ["prompt": "ships"])
                _ = try world.claim()
            }, midway: [.failed, .queued], acknowledged: [.queued], check: { try prompt($0, "ships") }),
        CrashCampaign(
            name: "retry done", given: { try end($0, nil) }, act: { try $0.spool.retry(id) }, midway: [.done],
            acknowledged: [.queued]),
        CrashCampaign(
            name: "delete done", given: { try end($0, nil) },
            act: { try expect(.deleted(artifacts: 1), $0.spool.delete(id)) }, midway: [.done],
            acknowledged: [nil]),
        CrashCampaign(
            name: "cleanup", given: { try end($0, nil) }, act: cleanUp, midway: [.done], acknowledged: [nil]),
        CrashCampaign(
            name: "cleanup of a day folder",
            given: { world in
                try end(world, nil)
                try world.archive(.done)
            }, act: cleanUp, midway: [.done], acknowledged: [nil]),
        CrashCampaign(
            name: "migrate a done job", given: { _ in }, act: migrate, midway: [nil], acknowledged: [.done],
            check: { try $0.spool.view(id)?.artifacts.count == 1 ? [] : ["its film is gone"] }, anew: migrate),
        CrashCampaign(
            name: "mark done", given: { try end($0, nil) },
            act: { world in
                try expect(.changed, world.spool.mark(id) { try $0.marked(with: ["starred": true]) })
            }, midway: [.done], acknowledged: [.done],
            check: { try $0.spool.view(id)?.marks.isStarred == true ? [] : ["its star is gone"] }),
        CrashCampaign(
            name: "archive done", given: { try end($0, nil) }, act: { try $0.archive(.done) }, midway: [.done],
            acknowledged: [.done], check: { try rests($0) }),
        CrashCampaign(
            name: "archive canceled", given: { try cancel($0) }, act: { try $0.archive(.canceled) },
            midway: [.canceled], acknowledged: [.canceled], check: { try rests($0) }),
        CrashCampaign(
            name: "archive failed without a record of it",
            given: { world in
                try world.submit()
                try expect(true, world.spool.refuse(id, SpoolWorld.failure))
            }, act: { try $0.archive(.failed) }, midway: [.failed], acknowledged: [.failed], check: { try rests($0) }),
        CrashCampaign(
            name: "retry out of a day folder",
            given: { world in
                try end(world, .failed(SpoolWorld.failure))
                try world.archive(.failed)
            }, act: { try $0.spool.retry(id, changes: ["prompt": "ships"]) }, midway: [.failed],
            acknowledged: [.queued], check: { try prompt($0, "ships") }),
        CrashCampaign(
            name: "retry of a canceled job out of a day folder",
            given: { world in
                try cancel(world)
                try world.archive(.canceled)
            }, act: { try $0.spool.retry(id) }, midway: [.canceled], acknowledged: [.queued]),
        CrashCampaign(
            name: "delete out of a day folder",
            given: { world in
                try end(world, nil)
                try world.archive(.done)
            }, act: { try expect(.deleted(artifacts: 1), $0.spool.delete(id)) }, midway: [.done], acknowledged: [nil]),
        CrashCampaign(
            name: "tidy a day folder",
            given: { world in
                try end(world, nil)
                try world.disk.makeFolder("done/2001-01-01")
                let token = SpoolLayout.token(id, at: JobPlace(.done, on: Day("2001-01-01")))
                try world.disk.rename(SpoolLayout.token(id, in: .done), token, .noReplace)
            },
            act: { world in
                let place = JobPlace(.done, on: Day("2001-01-01"))
                try expect([], world.spool.tidy(place))
            }, midway: [.done], acknowledged: [.done]),
        CrashCampaign(
            name: "fail silent", given: { try $0.submit() },
            act: { world in
                let job = try world.claim()
                try expect(true, world.spool.failSilent(id, attempt: job.attempt, SpoolWorld.failure))
            }, midway: [.queued], acknowledged: [.failed]),
    ]

    /// Repairs, each of what another death left.
    static let repairs = [
        CrashCampaign(
            name: "repair of a job whose owner died",
            given: { world in
                try world.submit()
                _ = try world.makeFilm(try world.claim())
            }, act: repair, midway: [.queued], acknowledged: [.queued]),
        CrashCampaign(
            name: "repair of an ending that was written", given: diesBeforeTheCommit, act: repair, midway: [.done],
            acknowledged: [.done]),
        CrashCampaign(
            name: "repair of a wish to cancel",
            given: { world in
                try world.submit()
                _ = try world.makeFilm(try world.claim())
                try world.disk.create(SpoolLayout.cancelWish(id), Array(#"{"rev": 1001}"#.utf8))
            }, act: repair, midway: [.canceled], acknowledged: [.canceled]),
        CrashCampaign(
            name: "repair of a cancel that was not written down",
            given: { world in
                try world.submit()
                _ = try world.makeFilm(try world.claim())
                try world.disk.rename("running/\(id).json", "canceled/\(id).json", .noReplace)
            }, act: repair, midway: [.canceled], acknowledged: [.canceled]),
    ]

    /// The outcome lies in `final.json`, and the token still runs.
    @Sendable private static func diesBeforeTheCommit(_ world: SpoolWorld) throws {
        try world.submit()
        let job = try world.claim()
        let claimed = world.disk.state
        for point in 0..<60 {
            let trial = try SpoolWorld(state: claimed, clock: world.clock, durability: world.spool.durability)
            trial.disk.crash(after: point)
            _ = try? trial.finish(job)
            trial.disk.reboot(powerCut: false)
            guard let final = try trial.disk.read(SpoolLayout.final(id), limit: 1 << 20)?.bytes,
                (try? JobDocument(reading: final)) != nil, try trial.spool.state(of: id) == .running
            else { continue }
            world.disk.crash(after: point)
            _ = try? world.finish(job)
            world.disk.reboot(powerCut: false)
            return
        }
        throw NotDone("no ending was cut short")
    }

    @Sendable private static func repair(_ world: SpoolWorld) throws {
        let steps = try world.spool.repair(id, policy: world.policy) { _ in }
        if steps.isEmpty { throw NotDone("nothing to repair") }
    }

    private static func expect<Answer: Equatable>(_ wanted: Answer, _ answer: Answer) throws {
        guard answer == wanted else { throw NotDone(answer) }
    }

    @Sendable private static func cleanUp(_ world: SpoolWorld) throws {
        world.clock.advance(by: .seconds(60))
        let rule = CleanupRule(days: 0, at: world.clock.now)
        try expect(1, world.spool.execute(try world.spool.cleanupPlan(rule)).deletedJobs)
    }

    @Sendable private static func migrate(_ world: SpoolWorld) throws {
        world.disk.putOutside("/films/a.mp4", SpoolWorld.movie)
        let job = MigrationTests.old("SUCCEEDED", at: world.clock.now, ["output_urls": "file:///films/a.mp4"])
        try expect([.taken(warnings: [])], world.spool.migrate([job]))
    }

    private static func chosen(_ id: JobID) -> JobDocument {
        var document = SpoolWorld.document()
        document[.jobID] = .string(id.text)
        return document
    }

    private static func withPicture(_ document: JobDocument) -> JobDocument {
        var document = document
        document[.params] = ["prompt": "boats", "image": "cat.png"]
        return document
    }

    @Sendable private static func admitAll(_ world: SpoolWorld) throws {
        for entry in try world.disk.list(SpoolLayout.queued) {
            guard case .ready(let job) = try world.spool.admit(entry.name, isClosed: true, policy: world.policy) else {
                throw NotDone(entry.name)
            }
            try world.spool.settle([job.id])
        }
    }

    private static func cancel(_ world: SpoolWorld) throws {
        try world.submit()
        try expect(.canceled, world.spool.cancel(id))
    }

    /// What was acknowledged, and no power was cut: it is where it was sent to.
    private static func rests(_ world: SpoolWorld) throws -> [String] {
        let place = try world.spool.place(of: id)
        // After a power cut it may lie where it was.
        return place?.state.isFinal == true ? [] : ["it lies in \(place.map { "\($0)" } ?? "no folder")"]
    }

    /// A job that has ended: done, or failed.
    private static func end(_ world: SpoolWorld, _ outcome: JobEnding.Outcome?) throws {
        try world.submit()
        let job = try world.claim()
        if let outcome {
            try expect(.recorded, world.spool.finish([JobEnding(job, outcome)])[0])
        } else {
            try expect(.recorded, world.finish(job))
        }
    }

    private static func prompt(_ world: SpoolWorld, _ wanted: String) throws -> [String] {
        let found = try world.spool.view(id)?.prompt ?? "nothing"
        return found == wanted ? [] : ["its prompt is \(found), not \(wanted)"]
    }
}
