import JobCore
import Testing

/// What RunPod's answers mean, in the words that it and the machines before it really used.
@Suite("RunPod replies")
struct RunPodReplyTests {
    private static func reply(_ status: Int, _ body: String, _ retryAfter: Duration? = nil) -> RunPodReply {
        RunPodReply(status: status, body: Array(body.utf8), retryAfter: retryAfter)
    }

    @Test func submit_acceptedWithAnID() {
        let reply = Self.reply(200, #"{"id":"0d12-u1","status":"IN_QUEUE"}"#)
        guard case .accepted(let id, let report) = reply.submission else {
            Issue.record("\(reply.submission)")
            return
        }
        #expect(id == "0d12-u1" && report.state == .queued)
    }

    @Test func submit_400WithAJobObject_isAJobThatFailed() {
        let reply = Self.reply(400, #"{"id":"p-u1","status":"FAILED","error":"Invalid image URL"}"#)
        guard case .accepted("p-u1", let report) = reply.submission else {
            Issue.record("\(reply.submission)")
            return
        }
        #expect(report.state == .failed && report.error == "Invalid image URL")
    }

    @Test(arguments: [
        (401, "", FailureCode.configError), (403, "{}", .configError), (404, #"{"message":"Not Found"}"#, .configError),
        (400, #"{"error":"bad request: body: exceeded max body size of 10MiB"}"#, .runpodSubmitError),
        (302, "", .configError), (413, "", .runpodSubmitError),
    ])
    func submit_refused_isNeverTriedAgain(status: Int, body: String, code: FailureCode) {
        guard case .refused(let failure) = Self.reply(status, body).submission else {
            Issue.record("\(Self.reply(status, body).submission)")
            return
        }
        #expect(failure.code == code && !failure.isRetryable)
    }

    @Test(arguments: [
        (500, #"{"error":"internal"}"#), (502, "<html><body>Bad gateway</body></html>"), (503, ""), (504, ""),
        (408, ""),
        (200, "{\"id\":\"0d12-u1\",\"sta"), (200, "<html>login</html>"), (200, "{}"), (201, #"{"status":"IN_QUEUE"}"#),
        (200, #"{"id":"../evil","status":"IN_QUEUE"}"#), (500, #"{"id":"0d12-u1","status":"IN_QUEUE"}"#),
    ])
    func submit_whatMayHaveArrived_isUnclear(status: Int, body: String) {
        guard case .unclear = Self.reply(status, body).submission else {
            Issue.record("\(Self.reply(status, body).submission)")
            return
        }
    }

    @Test func submit_429_isBusyWithItsWait() {
        #expect(Self.reply(429, "", .seconds(7)).submission == .busy(.seconds(7)))
    }

    @Test func status_realFailure_keepsItsFigures() {
        let body =
            #"{"delayTime":101050,"error":"job timed out after 1 retries","executionTime":42078,"id":"a-u1","#
            + #""retries":1,"status":"FAILED","workerId":"z3jr9rv2k3tt2y"}"#
        guard case .report(let report) = Self.reply(200, body).sighting else {
            Issue.record("\(Self.reply(200, body).sighting)")
            return
        }
        #expect(report.state == .failed && report.retries == 1)
        #expect(report.usage == RemoteUsage(delay: 101_050, execution: 42_078))
    }

    @Test(arguments: [
        ("IN_QUEUE", RunPodState.queued), ("IN_PROGRESS", .running), ("RUNNING", .running), ("COMPLETED", .completed),
        ("FAILED", .failed), ("CANCELLED", .canceled), ("TIMED_OUT", .timedOut), ("PAUSED", .unknown("PAUSED")),
    ])
    func status_everyState(word: String, state: RunPodState) {
        #expect(RunPodState(word) == state)
        #expect(state.isFinal == ["COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT"].contains(word))
    }

    @Test func status_otherAnswers() {
        #expect(Self.reply(404, #"{"error":"job not found"}"#).sighting == .missing)
        #expect(Self.reply(400, #"{"error":"job not found"}"#).sighting == .missing)
        #expect(Self.reply(429, "", .seconds(3)).sighting == .later(.seconds(3), "HTTP 429: no words"))
        #expect(Self.reply(502, "<html>oh</html>").sighting == .later(nil, "HTTP 502: a page, not an answer"))
        #expect(Self.reply(200, "{\"id\":\"a\",").sighting == .later(nil, "HTTP 200: {\"id\":\"a\","))
        guard case .denied(let failure) = Self.reply(401, "").sighting else {
            Issue.record("401 is not denied")
            return
        }
        #expect(failure.code == .configError)
    }

    @Test func words_areOneLineWithoutSecrets() {
        let words = Self.reply(500, "{\"error\":\"no\\nway, rpa_ABCDEFGH12345678 failed\"}").words
        #expect(words == "no way, •••• failed")
    }

    @Test func runningWithAnExecutionTime_hasLostItsResult() throws {
        let lost: JSONValue = ["status": "IN_PROGRESS", "executionTime": 5, "output": "9/10"]
        #expect(try #require(RunPodReport(lost)).hasLostItsResult)
        #expect(!(try #require(RunPodReport(["status": "IN_PROGRESS"])).hasLostItsResult))
    }

    @Test func requests_findOnlyTheSameInput() throws {
        let order = try RunPodOrder(
            input: ["prompt": "boats", "seed": 7], executionTimeout: .seconds(600), timeToLive: .seconds(3600))
        func find(_ body: String, taken: Set<String> = []) -> RunPodRun.Finding {
            RunPodRequests.find(order.digest, in: Self.reply(200, body), taken: taken)
        }
        let mine = #"{"id":"mine-u1","input":{"seed":7,"prompt":"boats"}}"#
        let other = #"{"id":"other-u1","input":{"seed":8,"prompt":"boats"}}"#
        #expect(find("{\"requests\":[\(other),\(mine)]}") == .found(id: "mine-u1"))
        #expect(find("[\(mine)]") == .found(id: "mine-u1"))
        #expect(find("{\"requests\":[\(other)]}") == .notFound)
        // Without its input an entry may be anybody's.
        #expect(find(#"{"requests":[{"id":"x-u1","status":"IN_QUEUE"}]}"#) == .notFound)
        #expect(find("[\(mine),\(mine.replacing("mine-", with: "twin-"))]") == .notFound)
        #expect(find("[\(mine)]", taken: ["mine-u1"]) == .notFound)
        guard case .noAnswer = RunPodRequests.find(order.digest, in: Self.reply(404, "")) else {
            Issue.record("a 404 is no list")
            return
        }
    }
}
