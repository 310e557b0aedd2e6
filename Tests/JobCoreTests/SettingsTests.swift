import JobCore
import Testing

@Suite struct SettingsTests {
    static func resolve(
        _ environment: [String: String] = [:], flags: [SettingKey: String] = [:], envFile: [String: String] = [:]
    ) throws(Failure) -> Settings {
        try Settings.resolve(flags: flags, environment: environment, envFile: envFile)
    }

    /// The message of the refusal, or "accepted".
    static func refusal(_ environment: [String: String]) -> String {
        do {
            _ = try resolve(environment)
            return "accepted"
        } catch {
            return error.code == .configError && !error.isRetryable ? error.message : "\(error)"
        }
    }

    @Test func resolve_nothingSet_takesTheDefaultsOfTheContract() throws {
        let settings = try Self.resolve()
        #expect(settings.spool == "./spool" && settings.host == "127.0.0.1" && settings.port == 8000)
        #expect(try settings.policy == Policy())
        #expect(settings.slots == [.noop: 64, .preview: 1, .ffmpeg: 1, .speech: 1, .runpod: 3])
        #expect(settings.minimumFree == 5_000_000_000 && settings.durability == .full && settings.mediaRoots == [])
        #expect(settings.storageBucket == nil && settings.runpodEndpoint(for: .render) == nil)
        #expect(
            SettingKey.allCases.allSatisfy { settings.source(of: $0) == .default && settings[$0] == $0.defaultText })
    }

    @Test func resolve_theStrongestPlaceWins() throws {
        let key = SettingKey.host
        let envFile = [key.rawValue: "file"]
        let environment = [key.rawValue: "environment"]
        let all = try Self.resolve(environment, flags: [key: "flag"], envFile: envFile)
        #expect(all.host == "flag" && all.source(of: key) == .flag)
        let two = try Self.resolve(environment, envFile: envFile)
        #expect(two.host == "environment" && two.source(of: key) == .environment)
        let one = try Self.resolve(envFile: envFile)
        #expect(one.host == "file" && one.source(of: key) == .envFile)
    }

    @Test func resolve_emptyTextInAStrongerPlace_isTheDefault() throws {
        let settings = try Self.resolve(
            ["RUNPOD_API_KEY": "", "KINOSPOOL_PORT": " "], envFile: ["RUNPOD_API_KEY": "abc", "KINOSPOOL_PORT": "9000"])
        #expect(settings[.runpodKey] == nil && settings.source(of: .runpodKey) == .default)
        #expect(settings.port == 8000 && settings.source(of: .port) == .default)
    }

    @Test func resolve_otherEnvironmentKeys_areNoneOfOurBusiness() throws {
        #expect(try Self.resolve(["PATH": "/bin", "KINOSPOOL_FOO": "x"]) == Self.resolve())
    }

    @Test(
        arguments: [
            ("2", 2000), ("2s", 2000), ("0.5", 500), ("500ms", 500), ("10m", 600_000), ("1h", 3_600_000),
            (" 3 s ", 3000), ("1.5 M", 90_000),
        ] as [(String, Int64)])
    func resolve_time_isRead(text: String, milliseconds: Int64) throws {
        let settings = try Self.resolve(["COLD_START_THRESHOLD": text, "JOB_MONITOR_INTERVAL": text])
        #expect(settings.policy.coldStartThreshold.milliseconds == milliseconds)
        #expect(settings.policy.monitorInterval.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "0", "-1", "x", "2 days", "1e3", "0x10", "1.", ".5", "1.2.3", "s", "0.0001", "8000000", "nan", "inf", "+1",
        "2s s", "٢",
    ])
    func resolve_badTime_namesKeyValueAndWhatIsAllowed(text: String) {
        for key in ["JOB_HEARTBEAT_INTERVAL", "JOB_MONITOR_INTERVAL", "JOB_HEARTBEAT_TIMEOUT", "COLD_START_THRESHOLD"] {
            let message =
                "\(key) is \"\(text)\"; it must be a time above 0 and at most 7 days, "
                + "such as 2, 2s, 500ms, 10m or 1h (a bare number is seconds)."
            #expect(Self.refusal([key: text]) == message)
        }
    }

    @Test func resolve_heartbeatOrderBroken_isRefused() {
        let message = "JOB_HEARTBEAT_INTERVAL must be shorter than half of JOB_HEARTBEAT_TIMEOUT."
        #expect(Self.refusal(["JOB_HEARTBEAT_INTERVAL": "5", "JOB_HEARTBEAT_TIMEOUT": "10"]) == message)
        #expect(Self.refusal(["JOB_HEARTBEAT_INTERVAL": "4.999", "JOB_HEARTBEAT_TIMEOUT": "10"]) == "accepted")
    }

    @Test(
        arguments: [
            ("5 GB", 5_000_000_000), ("500MB", 500_000_000), ("0", 0), ("1GiB", 1_073_741_824), ("12345", 12_345),
            ("1.5 kB", 1500),
            ("2 TiB", 2_199_023_255_552), ("7B", 7), ("3 mib", 3_145_728), ("1tb", 1_000_000_000_000),
        ] as [(String, Int64)])
    func resolve_size_isRead(text: String, bytes: Int64) throws {
        #expect(try Self.resolve(["KINOSPOOL_MIN_FREE": text]).minimumFree == bytes)
    }

    @Test(arguments: ["-1", "5 G", "GB", "5 GBB", "1e9", "99999999999 TB", "5,5 GB", "lots"])
    func resolve_badSize_isRefused(text: String) {
        let message =
            "KINOSPOOL_MIN_FREE is \"\(text)\"; it must be a size such as 5 GB, 500MB, 1GiB, 0 or a number of bytes."
        #expect(Self.refusal(["KINOSPOOL_MIN_FREE": text]) == message)
    }

    @Test(arguments: [("0", 0), ("1", 1), ("65535", 65_535)])
    func resolve_port_isRead(text: String, port: Int) throws {
        #expect(try Self.resolve(["KINOSPOOL_PORT": text]).port == port)
    }

    @Test(arguments: ["65536", "-1", "80.5", "http", "8 000", "99999999999999999999", "1.0.0"])
    func resolve_badPort_isRefused(text: String) {
        let message = "KINOSPOOL_PORT is \"\(text)\"; it must be a port from 1 to 65535, or 0 for any free one."
        #expect(Self.refusal(["KINOSPOOL_PORT": text]) == message)
    }
}
