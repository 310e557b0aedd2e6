import JobCore
import Testing

@Suite struct JobViewTests {
    static let started = Timestamp(milliseconds: 1_795_442_635_000)

    static func view(_ state: JobState, progress: Int = 0) throws -> JobView {
        var view = JobView(
            id: try #require(JobID("a")), state: state, typeName: "RENDER", createdAt: Timestamp(milliseconds: 0),
            updatedAt: Timestamp(milliseconds: 1))
        view.startedAt = started
        view.progress = progress
        return view
    }

    @Test(arguments: [(0, false), (14_999, false), (15_000, false), (15_001, true), (-5, false)] as [(Int64, Bool)])
    func statusHint_runningWithoutProgress_warmsOnlyPastTheThreshold(elapsed: Int64, isWarming: Bool) throws {
        let (now, policy) = (Self.started.advanced(byMilliseconds: elapsed), try Policy())
        let view = try Self.view(.running)
        #expect(view.statusHint(at: now, policy: policy) == (isWarming ? "warming_gpu" : nil))
        #expect(view.statusMessage(at: now, policy: policy).hasPrefix("Warming GPU") == isWarming)
    }

    @Test(arguments: JobState.allCases)
    func statusHint_otherStatesOrProgress_isNil(state: JobState) throws {
        let (now, policy) = (Self.started.advanced(byMilliseconds: 60_000), try Policy())
        #expect(try Self.view(state, progress: 1).statusHint(at: now, policy: policy) == nil)
        let hint = try Self.view(state).statusHint(at: now, policy: policy)
        #expect(hint == (state == .running ? "warming_gpu" : nil))
    }

    @Test func statusHint_otherThreshold_isObeyed() throws {
        let policy = try Policy(coldStartThreshold: .milliseconds(500))
        let view = try Self.view(.running)
        #expect(view.statusHint(at: Self.started.advanced(byMilliseconds: 500), policy: policy) == nil)
        #expect(view.statusHint(at: Self.started.advanced(byMilliseconds: 501), policy: policy) == "warming_gpu")
    }

    @Test func statusMessage_tellsWhereTheJobStands() throws {
        let (now, policy) = (Self.started, try Policy())
        var queued = try Self.view(.queued)
        #expect(queued.statusMessage(at: now, policy: policy) == "Waiting for a free slot.")
        queued.scheduledFor = now.advanced(byMilliseconds: 1)
        #expect(queued.statusMessage(at: now, policy: policy) == "Scheduled for 2026-11-23T14:03:55.001Z.")
        queued.scheduledFor = now
        #expect(queued.statusMessage(at: now, policy: policy) == "Waiting for a free slot.")
        var running = try Self.view(.running, progress: 5)
        #expect(running.statusMessage(at: now, policy: policy) == "Running.")
        running.progressMessage = "Encoding."
        #expect(running.statusMessage(at: now, policy: policy) == "Encoding.")
        var failed = try Self.view(.failed)
        #expect(failed.statusMessage(at: now, policy: policy) == "Failed.")
        failed.error = Failure(.diskFull, "No space.")
        #expect(failed.statusMessage(at: now, policy: policy) == "No space.")
        #expect(try Self.view(.done).statusMessage(at: now, policy: policy) == "Done.")
        #expect(try Self.view(.canceled).statusMessage(at: now, policy: policy) == "Canceled.")
    }

    @Test(arguments: zip(JobState.allCases, ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELED"]))
    func json_hasThePredecessorsKeysAndStatusNames(state: JobState, status: String) throws {
        let json = try Self.view(state).json(at: Self.started, policy: Policy()).object ?? [:]
        let keys = [
            "job_id", "type", "status", "progress", "output_urls", "error", "status_hint", "status_message",
            "created_at",
            "updated_at", "started_at", "finished_at",
        ]
        #expect(keys.filter { json[$0] == nil } == [])
        #expect(json["status"] == .string(status) && json["state"] == .string(state.rawValue))
        #expect(json["error"] == .null && json["output_urls"] == [] && json["finished_at"] == .null)
        #expect(json["started_at"] == "2026-11-23T14:03:55.000Z" && json["progress"] == 0)
        #expect(JobState(name: status.lowercased()) == state && JobState(name: state.rawValue) == state)
    }
}
