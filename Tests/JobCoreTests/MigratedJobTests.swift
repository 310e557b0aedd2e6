import JobCore
import Testing

@Suite struct MigratedJobTests {
    private let now = Timestamp(milliseconds: 1_795_442_400_000)
    private let nobody = RunPodSettings(key: nil, endpoints: [:])

    private func job(_ values: [String: String], runpod: RunPodSettings? = nil) -> MigratedJob {
        let row = [
            "job_id": "4f2a91", "type": "RENDER", "params": #"{"prompt":"boats"}"#,
            "created_at": "2025-03-01T12:00:00.250000", "updated_at": "2025-03-01T12:02:00",
        ]
        return MigratedJob(OldJob(row.merging(values) { _, new in new }), runpod: runpod ?? nobody, at: now)
    }

    private func runpod() throws -> RunPodSettings {
        let endpoint = try RunPodEndpoint("https://api.runpod.ai/v2/abc123", setting: "RUNPOD_ENDPOINT")
        return RunPodSettings(key: RunPodKey("secret"), endpoints: [.render: endpoint])
    }

    @Test(arguments: [
        ("QUEUED", JobState.queued), ("pending", .queued), ("SUCCEEDED", .done), ("COMPLETED", .done),
        ("FAILED", .failed), ("CANCELED", .canceled), ("CANCELLED", .canceled), ("WEIRD", .failed),
        ("RUNNING", .failed),
    ])
    func state_followsTheStatus(status: String, state: JobState) {
        #expect(job(["status": status]).state == state)
    }

    @Test func times_withoutAZoneAreUTC() {
        let done = job([
            "status": "SUCCEEDED", "started_at": "2025-03-01 12:00:05", "finished_at": "2025-03-01T12:01:30.5",
        ]).document
        #expect(done.createdAt?.text == "2025-03-01T12:00:00.250Z")
        #expect(done.startedAt?.text == "2025-03-01T12:00:05.000Z")
        #expect(done.finishedAt?.text == "2025-03-01T12:01:30.500Z")
        #expect(done.outcome == .done)
        #expect(done.attempt == 1)
    }

    @Test func times_thatAreMissing_comeFromTheOthers() {
        let failed = job(["status": "FAILED"]).document
        #expect(failed.finishedAt?.text == "2025-03-01T12:02:00.000Z")
        let bare = MigratedJob(OldJob(["job_id": "a", "status": "FAILED"]), runpod: nobody, at: now)
        #expect(bare.document.createdAt == now)
        #expect(bare.problems == ["it does not say when it was made"])
    }

    @Test(arguments: [
        (["error_code": "worker_timeout", "error_message": "silent"], FailureCode.workerTimeout, "silent"),
        (["error_code": "gpu_oom", "error_message": "no memory"], .internalError, "gpu_oom: no memory"),
        (["error": "it broke"], .internalError, "it broke"),
        (["error": #"{"code":"ffmpeg_error","message":"said no"}"#], .ffmpegError, "said no"),
        ([:], .internalError, "The predecessor recorded no reason."),
    ])
    func error_ofEveryVariant_keepsCodeAndWords(values: [String: String], code: FailureCode, message: String) {
        let error = job(values.merging(["status": "FAILED"]) { _, new in new }).document.error
        #expect(error?.code == code)
        #expect(error?.message == message)
    }

    @Test func running_withARunAtRunPod_isGoneOnWith() throws {
        let running = job(
            ["status": "RUNNING", "runpod_job_id": "run-7-e1", "started_at": "2025-03-01T12:00:05"],
            runpod: try runpod())
        #expect(running.state == .running)
        let remote = try #require(running.remote)
        #expect(remote.id == "run-7-e1" && remote.attempt == 1 && remote.isAttachable)
        #expect(remote.baseURL == "https://api.runpod.ai/v2/abc123")
        #expect(running.document.attempt == 1)
    }

    @Test(arguments: [
        ["runpod_job_id": "run-7"], ["runpod_job_id": "../../run"], [:],
        ["runpod_job_id": "run-7", "type": "TTS"], ["runpod_job_id": "run-7", "params": "{}"],
    ])
    func running_thatCannotBeGoneOnWith_isFailedWithItsReason(values: [String: String]) throws {
        let isSetUp = values["type"] != nil || values["params"] != nil || values["runpod_job_id"] == "../../run"
        let running = job(
            values.merging(["status": "RUNNING"]) { _, new in new }, runpod: isSetUp ? try runpod() : nil)
        #expect(running.state == .failed)
        #expect(running.remote == nil)
        #expect(running.document.error?.message.isEmpty == false)
        #expect(running.document.outcome == .failed)
    }

    @Test func id_thatIsNone_getsAlwaysTheSameOne() {
        let first = job(["job_id": "My Job/1", "status": "QUEUED"])
        #expect(first.id == job(["job_id": "My Job/1", "status": "FAILED"]).id)
        #expect(first.id != job(["job_id": "My Job/2", "status": "QUEUED"]).id)
        #expect(first.id.text.hasPrefix("my-job-1-"))
        #expect(first.document[.migratedFrom] == "My Job/1")
    }

    @Test func outputs_areFilesURLsOrRefused() {
        let list = #"""
            ["file:///films/a%20b.mp4","https://cdn/x.mp4","/films/a b.mp4","file:///etc/passwd","file:///a/../b.mp4"]
            """#
        let done = job(["status": "SUCCEEDED", "output_urls": list])
        #expect(
            done.outputs == [
                .file(path: "/films/a b.mp4", name: "a b.mp4"), .url("https://cdn/x.mp4"),
                .file(path: "/films/a b.mp4", name: "2-a b.mp4"), .refused("file:///etc/passwd"),
                .refused("file:///a/../b.mp4"),
            ])
        #expect(done.document[.externalURLs] == ["https://cdn/x.mp4"])
        #expect(done.problems.count == 2)
        #expect(job(["status": "FAILED", "output_urls": list]).outputs == [])
    }

    @Test(arguments: ["not json", "[1,2]", "7"])
    func params_thatAreNoObject_areKeptAsText(params: String) {
        let odd = job(["status": "FAILED", "params": params])
        #expect(odd.document[.params] == [:])
        #expect(odd.document[.paramsText] == .string(params))
        #expect(odd.problems.count == 1)
    }

    @Test func problems_beyondTheLimit_areCounted() {
        var plan = MigrationPlan()
        for _ in 0...MigrationPlan.toldLimit { plan.noteFailure(of: JobID(resembling: "a", random: 0), "no") }
        #expect(plan.problems.count == MigrationPlan.toldLimit)
        #expect(plan.problemCount == MigrationPlan.toldLimit + 1)
    }
}
