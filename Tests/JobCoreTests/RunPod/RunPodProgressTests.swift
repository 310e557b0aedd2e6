import JobCore
import Testing

@Suite("RunPod progress and health")
struct RunPodProgressTests {
    static let rows: [(JSONValue?, Int?)] = [
        ("Update 1/3", 33), ("3;10;working", 30), (["progress": "4/10"], 40), (["progress": 40], 40),
        (["percent": 25, "step": 1, "total": 4], 25), (0.5, 50), (["progress": 0.25], 25), ("42%", 42), ("42.6 %", 42),
        (["step": 2, "total_steps": 8], 25), (["current": 5, "total": 10], 50), (["message": "step 3/4"], 75),
        ("77", 77), ("0.5", 50), (["percent": 1], 1), (150, 100), (-5, nil), ("loading model", nil), ("", nil),
        ("took 3 s of 5 s", nil), (["video": "x"], nil), (nil, nil), (true, nil), (["a", "b", "9/10"], 90),
        (["progress": 1e300], 100), ("step 5/0", nil),
    ]

    @Test(arguments: rows.indices)
    func everyShape_isAPercentage(index: Int) {
        let (output, percent) = Self.rows[index]
        #expect(RunPodProgress(output).percent == percent, "\(String(describing: output))")
    }

    @Test func words_areKeptInOneLine() {
        #expect(RunPodProgress("Update 1/3\n").message == "Update 1/3 ")
        #expect(RunPodProgress(["message": "sampling", "percent": 3]).message == "sampling")
    }

    static let health: [(JSONValue, RemoteHint)] = [
        (["workers": ["idle": 0, "initializing": 1]], .warmingGPU),
        (["workers": ["unhealthy": 2]], .workerCrashLooping),
        (["workers": ["unhealthy": 1, "running": 1]], .waitingForGPU),
        (["workers": ["throttled": 3]], .waitingForGPU),
        (["workers": ["running": 2], "jobs": ["inQueue": 4]], .waitingForGPU),
        (["workers": ["idle": 1, "ready": 1]], .warmingGPU),
        (["workers": [:]], .noWorkers),
    ]

    @Test(arguments: health.indices)
    func health_tellsWhyARunWaits(index: Int) throws {
        let (value, hint) = Self.health[index]
        #expect(try #require(RunPodHealth(value)).hint == hint)
    }

    @Test func health_thatIsNone_saysNothing() {
        #expect(RunPodHealth(["error": "x"]) == nil && RunPodHealth([]) == nil)
    }

    @Test(arguments: [
        "api.runpod.ai/v2/ep", "http://api.runpod.ai/v2/ep", "https://api.runpod.ai", "https://api.runpod.ai/v2",
        "https://api.runpod.ai/v2/ep/run", "https://user:pass@api.runpod.ai/v2/ep", "https://api.runpod.ai/v2/e p",
    ])
    func endpoint_whatIsNone_isAConfigError(text: String) {
        #expect(throws: Failure.self) { try RunPodEndpoint(text) }
    }

    @Test func endpoint_buildsItsURLs() throws {
        let endpoint = try RunPodEndpoint("https://API.runpod.ai/v2/ep1")
        #expect(endpoint.run == "https://api.runpod.ai/v2/ep1/run" && endpoint.id == "ep1")
        #expect(endpoint.status("a-u1") == "https://api.runpod.ai/v2/ep1/status/a-u1")
        #expect(try RunPodEndpoint("http://127.0.0.1:9/v2/x").host == "127.0.0.1:9")
        #expect(!RunPodEndpoint.isLegal(runID: "../x") && !RunPodEndpoint.isLegal(runID: ""))
    }

    @Test func order_checksSizeAndEmptiness_andCarriesThePolicy() throws {
        let order = try RunPodOrder(input: ["a": 1], executionTimeout: .seconds(3600), timeToLive: .seconds(60))
        #expect(
            String(decoding: order.body, as: UTF8.self)
                == #"{"input":{"a":1},"policy":{"executionTimeout":3600000,"ttl":3600000}}"#)
        #expect(throws: Failure.self) {
            try RunPodOrder(input: [:], executionTimeout: .seconds(60), timeToLive: .seconds(60))
        }
        let rest = RunPodOrder.maximumBytes - order.body.count - 1
        func padded(_ count: Int) throws -> RunPodOrder {
            try RunPodOrder(
                input: ["a": .string(String(repeating: "x", count: count))], executionTimeout: .seconds(3600),
                timeToLive: .seconds(60))
        }
        #expect(try padded(rest).body.count == RunPodOrder.maximumBytes)
        #expect(throws: Failure.self) { try padded(rest + 1) }
    }

    @Test func record_readAgain_isTheSame() throws {
        var record = RemoteRecord(
            attempt: 2, baseURL: "https://api.runpod.ai/v2/ep", id: "a-u1", state: .collected,
            submittedAt: Timestamp(milliseconds: 1_795_442_400_000), digest: "d", timeToLive: .seconds(60),
            usage: RemoteUsage(delay: 5, execution: 7, cost: 0.5),
            files: [.init(name: "video.mp4", kind: .video, bytes: 9)], isUnwanted: true)
        #expect(RemoteRecord(json: record.json) == record)
        #expect(record.endpoint == "ep" && !record.isAttachable)
        record.isUnwanted = false
        #expect(RemoteRecord(json: record.json) == record && record.isAttachable)
    }
}
