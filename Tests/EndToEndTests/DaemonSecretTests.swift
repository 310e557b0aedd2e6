import Foundation
import JobCore
import Synchronization
import TestSupport
import Testing

extension DaemonStories {
    /// Every secret that a set-up may have, all at once, and others that repeat to the daemon whatever it sends them:
    /// none may stand in a file, a line or a command.
    @Suite struct DaemonSecretTests {
        private static let token = "correct-horse-battery-staple"
        /// Of the addresses that RunPod's results have.
        private static let signatures = (
            link: "5ec7e700112233445566778899aabbccddeeff00112233445566778899aabbcc",
            moved: "0ddba11c0ffee0112233445566778899aabbccddeeff00112233445566778899"
        )
        private static let secrets = [
            "the HTTP token": token, "the proxy's password": PasswordProxy.password,
            "the result's signature": signatures.link, "the signature of where it was moved": signatures.moved,
        ]

        /// What happens, and how the job ends.
        enum Story: String, CaseIterable, Sendable {
            case success, redirect, redirectsForEver, workerFails, brokenAnswers, linkExpired, wrongSecret, wrongKey
            case proxyRefuses, cancel

            var ending: (state: JobState, code: FailureCode?) {
                switch self {
                case .success, .redirect, .brokenAnswers, .wrongSecret: (.done, nil)
                case .redirectsForEver, .workerFails: (.failed, .runpodExecutionError)
                case .linkExpired: (.failed, .runpodResultExpired)
                case .wrongKey: (.failed, .configError)
                case .proxyRefuses: (.failed, .runpodSubmitError)
                case .cancel: (.canceled, .userCanceled)
                }
            }
        }

        /// All that the daemon talks to.
        private final class Scene: Sendable {
            let runpod: FakeRunPod
            let storage: FakeStorage
            let proxy: PasswordProxy
            let downloading = Gate()

            init(_ story: Story) throws {
                let (film, downloading) = (try RealFilm.bytes(), downloading)
                let place = Mutex("")
                let runpod = try FakeRunPod(
                    submit: { _ in
                        story == .wrongKey
                            ? .refuse(.text(401, "unknown key: Authorization: Bearer \(FakeRunPod.key)")) : .accept
                    },
                    life: { look in
                        let link = place.withLock { $0 }
                        switch story {
                        case .workerFails where look > 1: return .state("FAILED", Self.confession(link))
                        case .brokenAnswers where look == 1:
                            return .reply(.json(500, #"{"error":"cannot sign \#(link) for \#(FakeRunPod.key)"}"#))
                        case .brokenAnswers where look == 2:
                            return .state("IN_PROGRESS", #","output":"50% of \#(link) with Bearer \#(FakeRunPod.key)""#)
                        default: return FakeRunPod.usual(#"{"video_url":"\#(link)"}"#)(look)
                        }
                    },
                    files: { request in
                        let moved = "/moved.mp4?X-Amz-Signature=\(DaemonSecretTests.signatures.moved)"
                        switch (story, request.path) {
                        case (.redirect, "/film.mp4"), (.redirectsForEver, _): return .redirect(to: moved)
                        case (.linkExpired, _): return .text(403, "<Error>Expired: \(request.target)</Error>")
                        case (.cancel, _):
                            downloading.open()
                            return .hang
                        default: return .file(film, tag: "\"f\"", for: request)
                        }
                    })
                let link = "/film.mp4?X-Amz-Credential=AKFAKE%2F1&X-Amz-Signature=\(DaemonSecretTests.signatures.link)"
                place.withLock { $0 = runpod.url(link) }
                self.runpod = runpod
                storage = try FakeStorage { story == .wrongSecret ? Self.refusal($0) : nil }
                proxy = try PasswordProxy(isStubborn: story == .proxyRefuses)
            }

            func stop() {
                proxy.stop()
                runpod.stop()
                storage.stop()
            }

            /// What a worker writes that prints all it has.
            private static func confession(_ link: String) -> String {
                let words = "PUT \(link) failed for \(FakeRunPod.key), AWS_SECRET_ACCESS_KEY=\(FakeStorage.secret)"
                let error = #"{\"error_message\":\"\#(words)\",\"error_traceback\":\"Authorization: Bearer "#
                return #","error":"\#(error)\#(FakeRunPod.key)\n\#(link)\"}""#
            }

            /// What AWS answers to a wrong secret: also all that was signed.
            private static func refusal(_ request: FakeHTTPRequest) -> FakeHTTPReply {
                let signed = "<StringToSign>\(request["Authorization"] ?? "")</StringToSign>"
                let provided = "<SignatureProvided>\(signature(of: request) ?? "")</SignatureProvided>"
                return .text(
                    403, "<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message>\(signed)\(provided)</Error>")
            }

            static func signature(of request: FakeHTTPRequest) -> String? {
                let text = "\(request["Authorization"] ?? "") \(request.query)"
                return text.firstMatch(of: /Signature=([0-9a-f]{64})/).map { String($0.output.1) }
            }

            /// What stood in the requests to the storage.
            var signatures: [String: String] {
                let all = Set(storage.requests.compactMap(Self.signature))
                return Dictionary(uniqueKeysWithValues: all.enumerated().map { ("signature \($0.offset)", $0.element) })
            }

            var environment: [String: String] {
                storage.environment.merging([
                    "RUNPOD_API_KEY": FakeRunPod.key, "RUNPOD_ENDPOINT": runpod.endpoint, "http_proxy": proxy.url,
                    "KINOSPOOL_TOKEN_FILE": "token", "JOB_MONITOR_INTERVAL": "500ms",
                ]) { _, new in new }
            }
        }

        @Test(arguments: Story.allCases) func noSecret_isWrittenDown(story: Story) async throws {
            let scene = try Scene(story)
            defer { scene.stop() }
            var hunt = SecretHunt.ours.adding(Self.secrets)
            hunt.allowed = ["token"]
            try await Desk.use(hunting: hunt) { desk in
                try desk.write("token", Self.token + "\n")
                try await desk.shell("chmod 600 token")
                let daemon = try await desk.serve(environment: scene.environment)
                let api = try await desk.api(daemon)
                let job = #"{"job_id":"boats","type":"RENDER","params":{"prompt":"paper boats","seed":7}}"#
                let right = ["Authorization": "Bearer \(Self.token)"]
                #expect(try await api.post("/jobs", job, headers: right).status == 200)
                // Where it does not belong, and almost the right one.
                #expect(try await api.get("/jobs?token=\(Self.token)").status == 401)
                let almost = ["Authorization": "Bearer \(Self.token)s", "Cookie": "token=\(Self.token)"]
                #expect(try await api.post("/jobs", job, headers: almost).status == 401)
                if story == .cancel {
                    await scene.downloading.passed()
                    #expect(try await desk.run("cancel", "boats").status == 0)
                }
                try await desk.until { desk.state("boats") == story.ending.state }
                let ended = try desk.job("boats")
                #expect(ended.error?.code == story.ending.code, "\(ended.error?.description ?? "done")")
                #expect(story == .proxyRefuses || scene.runpod.submits == 1)
                #expect(scene.proxy.count > 0, "all went another way")
                // While it runs: the index has its WAL, and the daemon its command line.
                let bag = try desk.expectNoSecrets(scene.signatures)
                let kinds = Set(bag.files.map(Desk.kind))
                #expect(kinds.isSuperset(of: ["boats.json", "log.txt", "jobs.sqlite-wal", "errors"]), "\(kinds)")
                if story == .success { #expect(kinds.contains("video.mp4") && scene.signatures.count >= 3) }
                if story == .wrongSecret { try await expectToldSetting(desk, scene) }
                try await desk.stop(daemon)
                try desk.expectNoSecrets(scene.signatures)
            }
        }

        /// A wrong secret names its setting, and the film stays.
        private func expectToldSetting(_ desk: Desk, _ scene: Scene) async throws {
            let answer = try await desk.run("show", "boats", "--json", environment: scene.environment)
            let error = try #require(try Desk.object(answer.output)["publication"]?.object?["error"]?.object)
            #expect(error["code"] == "config_error")
            #expect(error["hint"]?.string?.contains("AWS_SECRET_ACCESS_KEY") == true)
            #expect(desk.exists("spool/films/boats.mp4") && scene.storage.isEmpty)
        }
    }
}
