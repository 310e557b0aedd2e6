import JobCore
import Testing

/// Lists, URLs, secrets and what `kinospool config` shows.
@Suite struct SettingsListTests {
    @Test(
        arguments: [
            ("runpod=5", [.noop: 64, .preview: 1, .ffmpeg: 1, .speech: 1, .runpod: 5]),
            (" Preview = 0 , ffmpeg=64,", [.noop: 64, .preview: 0, .ffmpeg: 64, .speech: 1, .runpod: 3]),
            (
                "noop=1,preview=2,ffmpeg=3,speech=4,runpod=5",
                [.noop: 1, .preview: 2, .ffmpeg: 3, .speech: 4, .runpod: 5]
            ),
        ] as [(String, [Lane: Int])])
    func resolve_slots_keepTheDefaultsOfUnnamedLanes(text: String, slots: [Lane: Int]) throws {
        let settings = try SettingsTests.resolve(["KINOSPOOL_CONCURRENCY": text])
        for (lane, count) in slots { #expect(settings.slots[lane] == count) }
        #expect(Set(settings.slots.keys) == Set(Lane.allCases))
    }

    @Test(arguments: [
        ("3", "a list such as preview=1,ffmpeg=1,runpod=3."),
        ("preview=1=2", "a list such as preview=1,ffmpeg=1,runpod=3."),
        ("preview=65", "a list with 0 to 64 slots a lane; preview has \"65\"."),
        ("preview=-1", "a list with 0 to 64 slots a lane; preview has \"-1\"."),
        ("preview=1.5", "a list with 0 to 64 slots a lane; preview has \"1.5\"."),
        ("preview=", "a list with 0 to 64 slots a lane; preview has \"\"."),
        ("ffmpeg=1,ffmpeg=2", "a list that names ffmpeg once."),
    ])
    func resolve_badSlots_sayWhatIsAllowed(text: String, wanted: String) {
        let message = "KINOSPOOL_CONCURRENCY is \"\(text)\"; it must be \(wanted)"
        #expect(SettingsTests.refusal(["KINOSPOOL_CONCURRENCY": text]) == message)
    }

    @Test(arguments: [
        ("previw", "; did you mean \"preview\"?"), ("rnupod", "; did you mean \"runpod\"?"), ("xyz", "."),
    ])
    func resolve_unknownLane_suggestsTheNearest(name: String, ending: String) {
        let message = SettingsTests.refusal(["KINOSPOOL_CONCURRENCY": "\(name)=1"])
        #expect(message.hasSuffix("there is no \"\(name)\"\(ending)"))
    }

    @Test func resolve_mediaRoots_areFoldersWithoutASlashAtTheEnd() throws {
        let settings = try SettingsTests.resolve(["KINOSPOOL_MEDIA_ROOTS": "/a/b/::/c//d:/a/b"])
        #expect(settings.mediaRoots == ["/a/b", "/c/d"])
    }

    @Test(arguments: ["photos", "./a", "/a:b", "/a/../b", "/a/.", "/", "/a:/", "~/a"])
    func resolve_badMediaRoots_areRefused(text: String) {
        let message =
            "KINOSPOOL_MEDIA_ROOTS is \"\(text)\"; it must be absolute folders joined by \":\", "
            + "without \"..\" and other than \"/\"."
        #expect(SettingsTests.refusal(["KINOSPOOL_MEDIA_ROOTS": text]) == message)
    }

    @Test func resolve_durability_isFullOrFast() throws {
        #expect(try SettingsTests.resolve(["KINOSPOOL_DURABILITY": "Fast"]).durability == .fast)
        let message = "KINOSPOOL_DURABILITY is \"none\"; it must be full or fast."
        #expect(SettingsTests.refusal(["KINOSPOOL_DURABILITY": "none"]) == message)
    }

    @Test(arguments: [
        "api.runpod.ai", "ftp://x", "https://", "https:///x", "http://", "https://a b", "https://a?b=1", "https://a#b",
        "//a",
        "http:/a",
    ])
    func resolve_badURL_isRefused(text: String) {
        for key in ["RUNPOD_ENDPOINT", "RUNPOD_LORA_ENDPOINT", "AWS_ENDPOINT_URL", "R2_PUBLIC_BASE_URL"] {
            #expect(SettingsTests.refusal([key: text]).hasPrefix("\(key) is \"\(text)\"; it must be "))
        }
    }

    @Test func runpodEndpoint_forAType_isItsOwnElseTheCommonOne() throws {
        let common = try SettingsTests.resolve(["RUNPOD_ENDPOINT": "https://api.runpod.ai/v2/common/"])
        let types = JobType.allCases.filter { $0 != .export && $0 != .noop }
        #expect(types.allSatisfy { common.runpodEndpoint(for: $0) == "https://api.runpod.ai/v2/common" })
        #expect(common.runpodEndpoint(for: .export) == nil && common.runpodEndpoint(for: .noop) == nil)
        let own = try SettingsTests.resolve([
            "RUNPOD_ENDPOINT": "https://h/c", "RUNPOD_VIDEO_ENDPOINT": "https://h/v",
            "RUNPOD_TTS_ENDPOINT": "https://h/t",
            "RUNPOD_LIPSYNC_ENDPOINT": "https://h/l", "RUNPOD_LORA_ENDPOINT": "https://h/r",
        ])
        let endpoints = [.render, .imageToVideo, .speech, .lipSync, .trainTwin].map(own.runpodEndpoint)
        #expect(endpoints == ["https://h/v", "https://h/v", "https://h/t", "https://h/l", "https://h/r"])
    }

    @Test func storageBucket_r2WinsOverS3() throws {
        #expect(try SettingsTests.resolve(["S3_BUCKET": "s", "R2_BUCKET": "r"]).storageBucket == "r")
        #expect(try SettingsTests.resolve(["S3_BUCKET": "s"]).storageBucket == "s")
    }

    /// Those of webhooks have a form: WebhookTests.
    @Test(arguments: SettingKey.allCases.filter { $0.isSecret && !$0.rawValue.contains("WEBHOOK") })
    func secret_isNeverShown(key: SettingKey) throws {
        let settings = try SettingsTests.resolve([key.rawValue: "planted"])
        #expect(settings[key] == "planted")
        #expect(settings.rows.first { $0.key == key }?.shown == "••••")
        #expect(!settings.rows.contains { $0.shown?.contains("planted") == true })
        let message = SettingsTests.refusal([key.rawValue: "planted key"])
        #expect(message == "\(key.rawValue) is \"••••\"; it must be one word without spaces.")
    }

    @Test func rows_listEverySettingWithItsSource() throws {
        let settings = try SettingsTests.resolve(
            ["AWS_ENDPOINT_URL": "https://u:p@host"], flags: [.port: "0"], envFile: ["R2_BUCKET": "b"])
        #expect(settings.rows.map(\.key) == SettingKey.allCases)
        func row(_ key: SettingKey) -> Settings.Row? { settings.rows.first { $0.key == key } }
        #expect(row(.port)?.shown == "0" && row(.port)?.source == .flag)
        #expect(row(.storageEndpoint)?.shown == "https://••••@host" && row(.storageEndpoint)?.source == .environment)
        #expect(row(.r2Bucket)?.shown == "b" && row(.r2Bucket)?.source == .envFile)
        #expect(row(.mediaRoots)?.shown == nil && row(.mediaRoots)?.source == .default)
        #expect(row(.minimumFree)?.shown == "5 GB" && row(.minimumFree)?.source == .default)
    }

    @Test func resolve_controlCharacter_isRefused() {
        #expect(
            SettingsTests.refusal(["KINOSPOOL_SPOOL": "/a\u{0}b"]).hasSuffix(
                "it must be one line without control characters."))
        #expect(SettingsTests.refusal(["KINOSPOOL_HOST": "a b"]).hasSuffix("it must be one word without spaces."))
    }

    @Test func table_isCompleteAndEveryDefaultIsLegal() {
        #expect(SettingKey.allCases.allSatisfy { !$0.meaning.isEmpty && !$0.unit.isEmpty })
        #expect(Set(SettingKey.allCases.map(\.rawValue)).count == 38)
        #expect(
            SettingKey.allCases.filter(\.isSecret).map(\.rawValue) == [
                "KINOSPOOL_WEBHOOK_URLS", "KINOSPOOL_WEBHOOK_ALLOW", "KINOSPOOL_WEBHOOK_SECRET", "RUNPOD_API_KEY",
                "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
            ])
        for key in SettingKey.allCases {
            if let text = key.defaultText { #expect(SettingsTests.refusal([key.rawValue: text]) == "accepted") }
        }
    }
}
