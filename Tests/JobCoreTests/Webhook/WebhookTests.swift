import JobCore
import Testing

/// What is sent, when, and how it is signed.
@Suite struct WebhookTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private func endpoint(_ text: String = "https://hooks.example/kino") throws -> WebhookEndpoint {
        try #require(WebhookEndpoint(text))
    }

    private func settings(_ flags: [SettingKey: String]) throws -> WebhookSettings {
        try Settings.resolve(flags: flags, environment: [:], envFile: [:]).webhooks
    }

    private func delivery(_ body: String = "{}") throws -> WebhookDelivery {
        let to = try endpoint()
        return WebhookDelivery(
            WebhookID(.jobDone, ["a"], to: to), .jobDone, to: to, isOfJob: false, job: JobID("a"), body: body,
            at: Timestamp(milliseconds: 0))
    }

    /// The example of the specification's own libraries.
    @Test func signature_isThatOfTheSpecification() throws {
        let secret = try #require(WebhookSecret(Self.secret))
        let signature = secret.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test(arguments: [(23, false), (24, true), (64, true), (65, false)])
    func secret_hasItsLength(bytes: Int, isOne: Bool) {
        #expect((WebhookSecret("whsec_" + Base64.encoded([UInt8](repeating: 7, count: bytes))) != nil) == isOne)
    }

    @Test func schedule_isThatOfTheSpecification_andEndsAfterTenTries() {
        let seconds = (0..<10).map { WebhookSchedule.pause(after: $0, jitter: 0) }
        let hour = 3600
        #expect(
            seconds
                == [0, 5, 300, 1800, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour].map {
                    .seconds($0)
                })
        #expect(WebhookSchedule.pause(after: 10, jitter: 0) == nil)
        #expect(WebhookSchedule.pause(after: 1, jitter: 1) == .seconds(6))
        #expect(WebhookSchedule.pause(after: 1, asked: .seconds(60), jitter: 0) == .seconds(60))
        #expect(WebhookSchedule.pause(after: 2, asked: .seconds(60), jitter: 0) == .seconds(300))
    }

    @Test func delivery_isTriedTenTimes_andThenFailed() throws {
        var delivery = try delivery()
        for tries in 1...9 {
            delivery.note(.status(500), at: Timestamp(milliseconds: 0), jitter: 0)
            #expect(delivery.state == .pending && delivery.tries == tries)
            #expect(delivery.nextAt?.milliseconds == WebhookSchedule.delays[tries].milliseconds)
        }
        delivery.note(.silence("x"), at: Timestamp(milliseconds: 7), jitter: 0)
        #expect(delivery.state == .failed && delivery.nextAt == nil && delivery.endedAt?.milliseconds == 7)
        delivery.replay(at: Timestamp(milliseconds: 8))
        #expect(delivery.state == .pending && delivery.tries == 0 && delivery.nextAt?.milliseconds == 8)
    }

    @Test(arguments: [
        (200, WebhookDelivery.State.delivered), (299, .delivered), (199, .pending), (300, .pending), (302, .pending),
        (404, .pending), (410, .disabled), (500, .pending),
    ])
    func answer_decides(status: Int, state: WebhookDelivery.State) throws {
        var delivery = try delivery()
        delivery.note(.status(status), at: Timestamp(milliseconds: 0), jitter: 0)
        #expect(delivery.state == state)
        #expect(delivery.lastStatus == status)
    }

    @Test func deliveryFile_isReadBack_andNamesNoURL() throws {
        var delivery = try delivery(#"{"type":"job.done"}"#)
        delivery.note(.status(503, retryAfter: .seconds(9)), at: Timestamp(milliseconds: 5), jitter: 0)
        #expect(WebhookDelivery(json: delivery.json) == delivery)
        #expect(!JSONWriter.compact(delivery.json).contains("/kino"))
        #expect(JSONWriter.compact(delivery.json).contains("https://hooks.example"))
    }

    @Test func id_followsFromWhatHappenedAndToWhom() throws {
        let one = WebhookID(.jobDone, ["a", "3"], to: try endpoint())
        #expect(one == WebhookID(.jobDone, ["a", "3"], to: try endpoint()))
        #expect(WebhookID(one.text) == one)
        #expect(one != WebhookID(.jobFailed, ["a", "3"], to: try endpoint()))
        #expect(one != WebhookID(.jobDone, ["a", "4"], to: try endpoint()))
        #expect(one != WebhookID(.jobDone, ["a", "3"], to: try endpoint("https://hooks.example/other")))
        for wrong in ["", "msg_", "msg_../../../../etc/passwd00", one.text + "0", one.text.uppercased()] {
            #expect(WebhookID(wrong) == nil)
        }
    }

    @Test func settings_withAnAddress_needASecret() throws {
        #expect(throws: Failure.self) { try settings([.webhookURLs: "https://a.example/"]) }
        #expect(throws: Failure.self) { try settings([.webhookAllow: "https://a.example/"]) }
        #expect(throws: Failure.self) { try settings([.webhookSecret: "whsec_short"]) }
        #expect(throws: Failure.self) {
            try settings([.webhookSecret: Self.secret, .webhookURLs: "https://me:pw@a.example/"])
        }
        let many = (0...WebhookSettings.endpointLimit).map { "https://a.example/\($0)" }
        #expect(throws: Failure.self) {
            try settings([.webhookSecret: Self.secret, .webhookURLs: many.joined(separator: ",")])
        }
        let most = many.dropLast().joined(separator: ",")
        #expect(try settings([.webhookSecret: Self.secret, .webhookURLs: most]).endpoints.count == 16)
        #expect(try !settings([.webhookSecret: Self.secret]).isOn)
    }

    @Test func settings_ofWebhooks_areNeverShown() throws {
        let flags: [SettingKey: String] = [
            .webhookSecret: Self.secret, .webhookURLs: "https://a.example/T0/planted",
            .webhookAllow: "https://b.example/planted/",
        ]
        let settings = try Settings.resolve(flags: flags, environment: [:], envFile: [:])
        for key in flags.keys { #expect(settings.rows.first { $0.key == key }?.shown == Redaction.mask) }
        for (key, text) in [
            (SettingKey.webhookURLs, "planted"), (.webhookAllow, "x,planted"), (.webhookSecret, "whsec_planted"),
        ] {
            do {
                _ = try Settings.resolve(flags: [key: text], environment: [:], envFile: [:])
                Issue.record("\(key) was accepted")
            } catch {
                #expect(!"\(error)".contains("planted") && "\(error)".contains(key.rawValue))
            }
        }
    }

    @Test(arguments: [
        ("https://a.example/hooks/", true), ("https://a.example/hooks/x?y=1", true), ("https://a.example/exact", true),
        ("https://a.example/exact/x", false), ("https://a.example/hooksx", false), ("https://a.example/", false),
        ("http://a.example/hooks/", false), ("https://a.example:8443/hooks/", false),
        ("https://b.example/hooks/", false), ("https://a.example/hooks/../exact2", false),
        ("https://a.example/hooks/%2E%2e/x", false), ("https://u@a.example/hooks/", false),
        ("https://a.example@b.example/hooks/", false), ("http://192.168.1.9:8123/api/", true),
        ("http://192.168.1.10:8123/api/", false), ("http://169.254.169.254/", false), ("file:///etc/passwd", false),
        ("https://all.example/x", true),
    ])
    func url_ofAJob_mustBeListed(url: String, isAllowed: Bool) throws {
        let settings = try settings([
            .webhookSecret: Self.secret, .webhookURLs: "https://all.example/x",
            .webhookAllow: "https://a.example/hooks/,https://a.example/exact,http://192.168.1.9:8123/api/",
        ])
        #expect((settings.endpoint(ofJob: url) != nil) == isAllowed)
    }

    @Test func payload_staysSmall_andHoldsNoParameter() throws {
        let id = try #require(JobID("a"))
        var view = JobView(
            id: id, state: .done, typeName: "RENDER", createdAt: Timestamp(milliseconds: 0),
            updatedAt: Timestamp(milliseconds: 0))
        view.prompt = "a secret prompt"
        view.params = ["prompt": "a secret prompt"]
        view.artifacts = [Artifact(name: "my film.mp4", kind: .video, bytes: 1, sha256: "")]
        let text = WebhookPayload.job(view, .jobDone, base: "http://127.0.0.1:8000")
        #expect(!text.contains("secret prompt"))
        #expect(text.contains("http://127.0.0.1:8000/jobs/a/artifacts/my%20film.mp4"))
        view.artifacts = (0..<200).map {
            Artifact(name: String(repeating: "x", count: 200) + "\($0)", kind: .data, bytes: 1, sha256: "")
        }
        #expect(
            WebhookPayload.job(view, .jobDone, base: "http://127.0.0.1:8000").utf8.count < WebhookDelivery.bodyLimit)
        let long = "http://" + String(repeating: "h", count: 400)
        let longest = WebhookPayload.job(view, .jobDone, base: long)
        #expect(longest.utf8.count < WebhookDelivery.bodyLimit && longest.contains(#""output_urls":[]"#))
    }

    @Test func book_isReadBack_andTellsAShortageOnce() throws {
        var book = WebhookBook(start: Timestamp(milliseconds: 1000))
        func note(_ free: Int64) -> Bool {
            book.note(DiskSpace(freeBytes: free, totalBytes: 1000), minimum: 100, at: Timestamp(milliseconds: free))
        }
        #expect(
            [note(100), note(99), note(98), note(100), note(109), note(110), note(110), note(99)]
                == [false, true, false, false, false, true, false, true])
        book.disable("x")
        book.disable("x")
        #expect(book.disabled == ["x"])
        #expect(WebhookBook(json: book.json) == book)
        for number in 0..<WebhookBook.disabledLimit { book.disable("\(number)") }
        #expect(book.disabled.count == WebhookBook.disabledLimit && book.disabled.first == "0")
    }

    @Test func sweep_keepsWhatIsPendingOrYoungOrMadeAgain() throws {
        let week = WebhookSweep.lifetime.milliseconds
        let to = try endpoint()
        func made(_ number: Int, at time: Int64, isOver: Bool) -> WebhookDelivery {
            var delivery = WebhookDelivery(
                WebhookID(.jobDone, ["\(number)"], to: to), .jobDone, to: to, isOfJob: false, job: nil, body: "",
                at: Timestamp(milliseconds: time))
            if isOver { delivery.note(.status(200), at: Timestamp(milliseconds: time), jitter: 0) }
            return delivery
        }
        let all = [made(0, at: 0, isOver: true), made(1, at: 0, isOver: false), made(2, at: 1, isOver: true)]
        let book = WebhookBook(start: Timestamp(milliseconds: 0), since: Timestamp(milliseconds: 2 * week))
        #expect(WebhookSweep.leaving(all, book, at: Timestamp(milliseconds: week)) == [])
        #expect(WebhookSweep.leaving(all, book, at: Timestamp(milliseconds: week + 1)) == [all[0].id])
        let fresh = WebhookBook(start: Timestamp(milliseconds: 0))
        #expect(WebhookSweep.leaving(all, fresh, at: Timestamp(milliseconds: week + 1)) == [])
        let many = (0...WebhookSweep.endedLimit).map { made($0, at: Int64($0), isOver: true) }
        #expect(WebhookSweep.leaving(many, book, at: Timestamp(milliseconds: 5000)) == [many[0].id])
    }
}
