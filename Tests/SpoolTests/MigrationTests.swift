import JobCore
import Spool
import TestSupport
import Testing

/// Bringing the predecessor's jobs into a spool.
@Suite("Migration")
struct MigrationTests {
    static let nobody = RunPodSettings(key: nil, endpoints: [:])

    private let world: SpoolWorld

    init() throws { world = try SpoolWorld() }

    private var spool: SpoolFolder { world.spool }

    static func old(
        _ status: String, id: String = SpoolWorld.id.text, at now: Timestamp, _ values: [String: String] = [:],
        runpod: RunPodSettings = nobody
    ) -> MigratedJob {
        let row = [
            "job_id": id, "type": "RENDER", "params": #"{"prompt":"boats"}"#, "status": status,
            "created_at": "2025-03-01T12:00:00", "updated_at": "2025-03-01T12:02:00",
        ]
        return MigratedJob(OldJob(row.merging(values) { _, new in new }), runpod: runpod, at: now)
    }

    private func old(_ status: String, _ values: [String: String] = [:]) -> MigratedJob {
        Self.old(status, at: world.clock.now, values)
    }

    @Test(arguments: [("QUEUED", JobState.queued), ("FAILED", .failed), ("CANCELED", .canceled), ("SUCCEEDED", .done)])
    func migrate_makesAWholeJobOfTheState(status: String, state: JobState) throws {
        let job = old(status)
        #expect(spool.migrate([job]) == [.taken(warnings: [])])
        #expect(try spool.state(of: job.id) == state)
        #expect(try spool.recover(job.id, world) == [], "there is nothing to repair")
        let view = try #require(try spool.view(job.id))
        #expect(view.createdAt.text == "2025-03-01T12:00:00.000Z")
        if state.isFinal {
            #expect(view.day?.text == "2025-03-01")
            #expect(view.updatedAt == view.finishedAt, "it shows the predecessor's times")
            #expect(try spool.tidy(JobPlace(state, on: view.day)) == [])
            #expect(try spool.place(of: job.id)?.day != nil, "it belongs where it lies")
        }
        let listing = world.disk.state.listing
        #expect(spool.migrate([job]) == [.present])
        #expect(world.disk.state.listing == listing, "again changes nothing")
    }

    @Test func migrate_ofADoneJob_copiesItsFilmAndKeepsItsURLs() throws {
        world.disk.putOutside("/films/a b.mp4", SpoolWorld.movie)
        let urls = #"["file:///films/a%20b.mp4","https://cdn.example/x.mp4","file:///films/gone.mp4"]"#
        let job = old("SUCCEEDED", ["output_urls": urls])
        guard case .taken(let warnings) = spool.migrate([job])[0] else {
            Issue.record("it was not taken")
            return
        }
        #expect(warnings.count == 1)
        let view = try #require(try spool.view(job.id))
        #expect(view.artifacts.map(\.name) == ["a b.mp4"])
        #expect(view.artifacts.first?.sha256 == SHA256.hex(of: SpoolWorld.movie))
        #expect(view.outputURLs.count == 2)
        #expect(view.outputURLs.last == "https://cdn.example/x.mp4")
        #expect(view.warnings.count == 1)
        #expect(try world.disk.list(SpoolLayout.films).count == 1)
        #expect(try spool.leftovers() == [])
        try spool.retry(job.id)
        let again = try world.claim()
        #expect(again.attempt == 2, "the copied film is not in the way")
        again.lock.release()
    }

    @Test func migrate_ofARunAtRunPod_isAJobThatIsGoneOnWith() throws {
        let endpoint = try RunPodEndpoint("https://api.runpod.ai/v2/abc123", setting: "RUNPOD_ENDPOINT")
        let settings = RunPodSettings(key: RunPodKey("secret"), endpoints: [.render: endpoint])
        let job = Self.old("RUNNING", at: world.clock.now, ["runpod_job_id": "run-7-e1"], runpod: settings)
        #expect(spool.migrate([job]) == [.taken(warnings: [])])
        #expect(try spool.state(of: job.id) == .running)
        #expect(try spool.recover(job.id, world) == [.attach(attempt: 1)])
        let attached = try #require(try spool.attach(job.id, owner: SpoolWorld.owner))
        #expect(attached.run.remote?.id == "run-7-e1")
        attached.lock.release()
    }

    @Test func migrate_ofAnIDThatALostJobHas_leavesThatAlone() throws {
        try world.submit()
        try world.disk.remove("queued/\(SpoolWorld.id).json")
        #expect(spool.migrate([old("QUEUED")]) == [.foreign])
        #expect(try world.disk.status(SpoolLayout.birth(SpoolWorld.id)) != nil)
    }

    @Test func migrate_ofManyJobs_bringsThoseThatGo() throws {
        try world.disk.create("films/x", [])
        let jobs = (0..<300).map { number in
            Self.old(["QUEUED", "FAILED", "SUCCEEDED"][number % 3], id: "job-\(number)", at: world.clock.now)
        }
        #expect(spool.migrate(jobs).allSatisfy { $0 == .taken(warnings: []) })
        #expect(try spool.allIDs(in: .queued).count == 100)
        #expect(try spool.allIDs(in: .done).count == 100)
        #expect(try spool.allIDs(in: .failed).count == 100)
    }
}
