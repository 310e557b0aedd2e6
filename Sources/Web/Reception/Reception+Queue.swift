import Engine
import HTTPTypes
import HummingbirdCore
import JobCore

/// The queue, the disk, and how things stand.
extension Reception {
    func pauseQueue() async throws -> Response {
        try await desk.pause()
        return .json(try await desk.queue().json)
    }

    func resumeQueue() async throws -> Response {
        try await desk.resume()
        return .json(try await desk.queue().json)
    }

    func getStorage() async throws -> Response {
        let space = try await desk.space()
        let minimum = desk.settings.minimumFree
        return .json([
            "free_bytes": .integer(space.freeBytes), "total_bytes": .integer(space.totalBytes),
            "minimum_free_bytes": .integer(minimum),
            "low": .bool(DiskGuard(minimumFree: minimum).verdict(free: space.freeBytes) != .open),
        ])
    }

    /// A plan of what may go, and with `execute` its outcome.
    func cleanup(_ call: Call) async throws -> Response {
        let order = try CleanupOrder(try await call.object(isNeeded: false))
        let (plan, report) = try await desk.cleanUp(days: order.days, isExecuting: order.isExecuting)
        return .json(plan.json(report))
    }

    /// The table of errors: those of jobs, then those of requests.
    func getErrors() -> Response {
        let ofJobs = FailureCode.allCases.map { code -> JSONValue in
            [
                "code": .string(code.rawValue), "title": .string(code.sentence), "hint": .string(code.hint),
                "retryable": .bool(code.isRetryable),
            ]
        }
        let ofRequests = ProblemKind.allCases.map { kind -> JSONValue in
            [
                "code": .string(kind.rawValue), "title": .string(kind.title), "hint": "",
                "retryable": .bool(kind.isRetryable), "status": .integer(Int64(kind.status)),
            ]
        }
        return .json(.array(ofJobs + ofRequests))
    }

    /// Cheap: nothing is looked at.
    func getHealth() -> Response {
        .json(["status": "ok", "runpod_connected": .bool(desk.isRunPodConnected)])
    }

    /// The description of all of this for programs.
    func getOpenAPI() -> Response { .text(OpenAPIDocument.text, type: "application/json") }

    func readyz() async throws -> Response {
        guard await desk.isHealthy() else {
            throw Problem(.unavailable, "The daemon is not ready.", headers: [.retryAfter: "1"])
        }
        return .text("ready\n")
    }

    /// The text format of Prometheus, version 0.0.4.
    func getMetrics() async throws -> Response {
        let (counts, queue, space) = (try await desk.counts(), try await desk.queue(), try await desk.space())
        var text = MetricsText()
        text.add(
            "kinospool_jobs", .gauge, "Jobs by state.",
            JobState.allCases.map { (["state": $0.rawValue], Double(counts[$0] ?? 0)) })
        text.add("kinospool_queue_paused", .gauge, "1 while nothing new starts.", queue.isPaused ? 1 : 0)
        text.add("kinospool_disk_free_bytes", .gauge, "What the spool's disk still takes.", Double(space.freeBytes))
        text.add("kinospool_disk_size_bytes", .gauge, "The size of the spool's disk.", Double(space.totalBytes))
        text.add("kinospool_event_listeners", .gauge, "Who listens to events.", Double(desk.herald.listenerCount))
        text.add(
            "kinospool_http_requests_total", .counter, "Answers by the class of their status.",
            counters.all.map { (["status": $0.label], Double($0.count)) })
        return .text(text.text, type: "text/plain; version=0.0.4; charset=utf-8")
    }
}
