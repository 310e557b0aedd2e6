import Backends
import Foundation
import Glibc
import JobCore
import Synchronization
import TestSupport
import Testing

extension DaemonStories {
    /// The program against object storage: a real server, and a fake one that waits where a kill is to come.
    @Suite struct DaemonStorageTests {
        private static let film = #"{"type":"RENDER","params":{"prompt":"paper boats","duration":1,"seed":7}}"#
        private static let large = #"{"type":"NOOP","params":{"output_bytes":70000000}}"#

        private func shown(_ desk: Desk, _ id: String, _ environment: [String: String]) async throws
            -> [String: JSONValue]
        {
            try Desk.object(try await desk.run("show", id, "--json", environment: environment).output)
        }

        private func publication(_ shown: [String: JSONValue]) -> [String: JSONValue] {
            shown["publication"]?.object ?? [:]
        }

        private func isSettled(_ desk: Desk) -> Bool {
            ((try? FileManager.default.contentsOfDirectory(atPath: "\(desk.folder)/spool/storage")) ?? []).isEmpty
        }

        @Test func realServer_getsFilms_linksOpenThem_andRmTakesThemAway() async throws {
            try await SeaweedServer.use { server in
                let store = try await server.makeBucket("films")
                let environment = server.environment(bucket: "films")
                try await Desk.use(hunting: .ours) { desk in
                    let daemon = try await desk.serve(environment: environment)
                    try desk.write("spool/queued/boats.json", Self.film)
                    // Above 64 MiB it goes in parts; to make and to hash so much takes its time.
                    let other = isTorture ? Self.large : #"{"type":"NOOP","params":{"output_bytes":100000}}"#
                    try desk.write("spool/queued/other.json", other)
                    try await desk.until { desk.state("boats") == .done && desk.state("other") == .done }
                    let boats = try await shown(desk, "boats", environment)
                    #expect(publication(boats)["state"] == "published", "\(boats)")
                    let link = try #require(boats["output_urls"]?.array?.first?.string.flatMap { WebURL($0) })
                    let answer = try await HTTPClient.shared.send(HTTPRequest(.get, link))
                    let bytes = try #require(boats["artifacts"]?.array?.first?.object?["bytes"]?.integer)
                    #expect(answer.status == 200 && Int64(answer.body.count) == bytes)
                    #expect(answer.headers["Content-Type"] == "video/mp4")
                    // Film, poster and contact sheet, and the other one.
                    let objects = try await store.list(prefix: "jobs/")
                    #expect(objects.count == 4 && objects.map(\.size).contains(isTorture ? 70_000_000 : 100_000))
                    #expect(try await desk.run("rm", "boats", "other").status == 0)
                    try await desk.until { self.isSettled(desk) }
                    #expect(try await store.list(prefix: "").isEmpty)
                    try await desk.stop(daemon)
                }
            }
        }

        @Test func wrongSecret_isToldWithItsSetting_andTheRightOnePublishes() async throws {
            try await SeaweedServer.use { server in
                let store = try await server.makeBucket("films")
                let secret = "not-the-secret-at-all"
                try await Desk.use(hunting: .ours.adding(["a wrong secret": secret])) { desk in
                    let wrong = server.environment(bucket: "films", secret: secret)
                    try desk.write("spool/queued/boats.json", Self.film)
                    #expect(try await desk.run("serve", "--once", environment: wrong).status == 0)
                    let told = try await shown(desk, "boats", wrong)
                    let error = publication(told)["error"]?.object ?? [:]
                    #expect(told["status"] == "SUCCEEDED" && error["code"] == "config_error", "\(told)")
                    #expect(error["hint"]?.string?.contains("AWS_SECRET_ACCESS_KEY") == true)
                    #expect(told["output_urls"]?.array?.first?.string?.hasPrefix("file://") == true)
                    let text = try await desk.run("show", "boats", environment: wrong).output
                    #expect(text.contains("config_error") && text.contains("AWS_SECRET_ACCESS_KEY"))
                    let right = server.environment(bucket: "films")
                    let daemon = try await desk.serve(environment: right)
                    try await desk.until { self.isSettled(desk) }
                    let published = try await shown(desk, "boats", right)
                    #expect(publication(published)["state"] == "published" && published["attempt"] == 1)
                    #expect(published["warnings"] == [])
                    #expect(try await store.list(prefix: "jobs/").count == 3)
                    let listed = try await desk.run("ls", "--json", environment: right).output
                    #expect(listed.contains("X-Amz-Signature") && listed.contains(#""published""#))
                    try await desk.stop(daemon)
                }
            }
        }

        /// Where the daemon dies: the request is carried out, and never answered.
        @Test(arguments: isTorture ? ["begin", "part 2", "complete", "small"] : ["small"])
        func killed_whileItIsStored_leavesNothingUnknown(step: String) async throws {
            let reached = Gate()
            let isHeld = Mutex(true)
            let place = Mutex<FakeStorage?>(nil)
            let fake = try FakeStorage { request in
                let isHere =
                    switch step {
                    case "begin": request.query == "uploads="
                    case "part 2": request.query.contains("partNumber=2")
                    case "complete": request.method == "POST" && request.query.hasPrefix("uploadId")
                    default: request.method == "PUT" && request.query.isEmpty
                    }
                guard isHere, isHeld.withLock({ $0 }), let fake = place.withLock({ $0 }) else { return nil }
                _ = fake.honest(request)
                reached.open()
                return .hang
            }
            place.withLock { $0 = fake }
            defer {
                fake.stop()
                place.withLock { $0 = nil }
            }
            try await Desk.use(hunting: .ours) { desk in
                let first = try await desk.serve(environment: fake.environment)
                try desk.write(
                    "spool/queued/boats.json",
                    step == "small" ? #"{"type":"NOOP","params":{"output_bytes":1000}}"# : Self.large)
                await reached.passed()
                first.signal(SIGKILL)
                _ = try await first.answer()
                #expect(!fake.isEmpty)
                isHeld.withLock { $0 = false }
                let second = try await desk.serve(environment: fake.environment)
                try await desk.until { desk.state("boats") == .done && self.isSettled(desk) }
                let published = publication(try await shown(desk, "boats", fake.environment))
                let folder = published["folder"]?.string ?? "none"
                #expect(published["state"] == "published")
                #expect(fake.objects.keys.allSatisfy { $0.hasPrefix("jobs/boats/\(folder)/") })
                #expect(fake.objects.count == 1 && fake.uploads.isEmpty)
                try await desk.stop(second)
            }
        }

        /// A GPU was paid for: neither a wrong secret nor its correction pays again.
        @Test func paidFilm_isKept_whateverTheStorageSays() async throws {
            let isWrong = Mutex(true)
            let fake = try FakeStorage { _ in isWrong.withLock { $0 } ? FakeStorage.wrongSecret : nil }
            let film = Base64.encoded(try RealFilm.bytes())
            let runpod = try FakeRunPod(life: FakeRunPod.usual(#"{"video":"\#(film)"}"#))
            defer {
                fake.stop()
                runpod.stop()
            }
            let environment = fake.environment.merging(
                ["RUNPOD_API_KEY": FakeRunPod.key, "RUNPOD_ENDPOINT": runpod.endpoint]
            ) { first, _ in first }
            try await Desk.use(hunting: .ours) { desk in
                let first = try await desk.serve(environment: environment)
                try desk.write("spool/queued/boats.json", Self.film)
                try await desk.until { desk.state("boats") == .done }
                try await desk.stop(first)
                let told = publication(try await shown(desk, "boats", environment))
                #expect(told["error"]?.object?["code"] == "config_error")
                isWrong.withLock { $0 = false }
                let second = try await desk.serve(environment: environment)
                try await desk.until { self.isSettled(desk) }
                try await desk.stop(second)
                #expect(publication(try await shown(desk, "boats", environment))["state"] == "published")
                #expect(runpod.submits == 1 && runpod.accepted == 1)
            }
        }

        /// The daemon dies while a paid film is stored: the next one goes on with the same attempt, in the same folder.
        @Test func killed_whileAPaidFilmIsStored_paysOnce_andStoresItOnce() async throws {
            let reached = Gate()
            let isHeld = Mutex(true)
            let fake = try FakeStorage { request in
                guard request.method == "PUT", isHeld.withLock({ $0 }) else { return nil }
                reached.open()
                return .hang
            }
            let film = Base64.encoded(try RealFilm.bytes())
            let runpod = try FakeRunPod(life: FakeRunPod.usual(#"{"video":"\#(film)"}"#))
            defer {
                fake.stop()
                runpod.stop()
            }
            let environment = fake.environment.merging(
                ["RUNPOD_API_KEY": FakeRunPod.key, "RUNPOD_ENDPOINT": runpod.endpoint]
            ) { first, _ in first }
            try await Desk.use(hunting: .ours) { desk in
                let first = try await desk.serve(environment: environment)
                try desk.write("spool/queued/boats.json", Self.film)
                await reached.passed()
                first.signal(SIGKILL)
                _ = try await first.answer()
                let entry = try FileManager.default.contentsOfDirectory(atPath: "\(desk.folder)/spool/storage")
                #expect(entry.count == 1)
                isHeld.withLock { $0 = false }
                let second = try await desk.serve(environment: environment)
                try await desk.until { desk.state("boats") == .done && self.isSettled(desk) }
                try await desk.stop(second)
                let published = publication(try await shown(desk, "boats", environment))
                #expect(
                    published["state"] == "published" && entry == ["boats.\(published["folder"]?.string ?? "").json"])
                #expect(fake.objects.count == (try desk.job("boats").artifacts.flatMap(\.fileNames).count))
                #expect(runpod.submits == 1 && runpod.accepted == 1)
                #expect(try desk.job("boats").attempt == 1)
            }
        }

        /// A film inside the answer goes to the disk while it comes in.
        @Test func largeResultInsideTheAnswer_doesNotStandInMemory() async throws {
            // A box that players pass over makes any film a large one: 16 MiB, 21 MiB as base64.
            let padding = 16 << 20
            var film = try RealFilm.bytes()
            film += [UInt8(padding >> 24 & 255), UInt8(padding >> 16 & 255), UInt8(padding >> 8 & 255), 0]
            film += Array("free".utf8) + [UInt8](repeating: 0, count: padding - 8)
            let (small, large) = (Base64.encoded(try RealFilm.bytes()), Base64.encoded(film))
            let isLarge = Mutex(false)
            let runpod = try FakeRunPod(life: { look in
                guard look > 1 else { return .state("IN_PROGRESS") }
                return .state("COMPLETED", #","output":{"video":"\#(isLarge.withLock { $0 } ? large : small)"}"#)
            })
            defer { runpod.stop() }
            let environment = ["RUNPOD_API_KEY": FakeRunPod.key, "RUNPOD_ENDPOINT": runpod.endpoint]
            try await Desk.use(hunting: .ours) { desk in
                let daemon = try await desk.serve(environment: environment)
                try desk.write("spool/queued/one.json", Self.film)
                try await desk.until { desk.state("one") == .done }
                let before = try Self.peak(of: daemon)
                isLarge.withLock { $0 = true }
                // As it came: the recipe would be put into a film without the box.
                try desk.write(
                    "spool/queued/two.json", #"{"type":"RENDER","params":{"prompt":"x","embed_recipe":false}}"#)
                try await desk.until { desk.state("two")?.isFinal == true }
                let grown = try Self.peak(of: daemon) - before
                try await desk.stop(daemon)
                let job = try desk.job("two")
                #expect(job.artifacts.first?.bytes ?? 0 >= Int64(padding), "\(job.error?.description ?? "")")
                #expect(try desk.scratch("two").allSatisfy { !$0.hasPrefix("spill") && !$0.hasPrefix("piece") })
                print("measured: a film of 16 MiB inside an answer of 21 MiB: the peak of memory rose by \(grown) KiB")
                #expect(grown < 8 * 1024 * sanitizedFactor)
            }
        }

        /// The most memory that a process ever had, in KiB.
        private static func peak(of run: Program.Run) throws -> Int {
            let text = try String(contentsOfFile: "/proc/\(run.pid)/status", encoding: .utf8)
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
            return try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
        }
    }
}
