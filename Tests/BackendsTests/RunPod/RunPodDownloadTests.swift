import Foundation
import JobCore
import Synchronization
import TestSupport
import Testing

@testable import Backends

/// The fault matrix of the download, and silence at every step: what RunPod still holds is fetched by a later try,
/// and never paid for again.
@Suite("RunPod downloads", .timeLimit(.minutes(5)))
struct RunPodDownloadTests {
    /// What the address does before it works; nil for ever.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reply: FakeHTTPReply
        /// How often.
        let count: Int
        /// Nil: the film comes home in the same attempt.
        let code: FailureCode?
        /// Whether the run may still be gone on with.
        var isKept = true

        init(_ name: String, _ reply: FakeHTTPReply, _ count: Int, _ code: FailureCode? = nil, isKept: Bool = true) {
            (testDescription, self.reply, self.count) = ("\(name), \(count) times", reply, count)
            (self.code, self.isKept) = (code, isKept)
        }
    }

    private static let ever = 1000
    private static let page = FakeHTTPReply.text(502, "<html><body>Bad gateway</body></html>")
    private static let half = FakeHTTPReply([
        .send(FakeHTTPReply.head(200, [("Content-Length", "\(FakeRunPod.film.count)")]) + FakeRunPod.film.prefix(900)),
        .close,
    ])

    static let faults = [
        Fault("500", .text(500, ""), 2), Fault("502 page", page, 2), Fault("503", .text(503, ""), 2),
        Fault("429", .text(429, "", headers: [("Retry-After", "1")]), 2), Fault("reset", .reset, 2),
        Fault("closed", .close, 2), Fault("half", half, 2),
        // Not this time.
        Fault("500", .text(500, ""), ever, .runpodExecutionError),
        Fault("502 page", page, ever, .runpodExecutionError), Fault("429", .text(429, ""), ever, .runpodExecutionError),
        Fault("reset", .reset, ever, .runpodExecutionError), Fault("half", half, ever, .runpodExecutionError),
        Fault("401", .text(401, "who are you?"), ever, .runpodExecutionError),
        // Never again.
        Fault("403", .text(403, "expired"), ever, .runpodResultExpired, isKept: false),
        Fault("404", .text(404, ""), ever, .runpodResultExpired, isKept: false),
        Fault("410", .text(410, ""), ever, .runpodResultExpired, isKept: false),
        Fault("a page", .text(200, "<html>log in</html>"), ever, .runpodExecutionError, isKept: false),
        Fault("nothing", .text(200, ""), ever, .runpodExecutionError, isKept: false),
    ]

    /// A RunPod whose result lies at an address that does as told until it is healed.
    private static func scene(
        _ reply: @escaping @Sendable (Int, FakeHTTPRequest) -> FakeHTTPReply?
    ) throws -> FakeRunPod {
        let place = Mutex("")
        let count = Mutex(0)
        let fake = try FakeRunPod(
            life: { look in FakeRunPod.usual(#"{"video_url":"\#(place.withLock { $0 })"}"#)(look) },
            files: { request in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                return reply(number, request) ?? .file(FakeRunPod.film, tag: "\"f\"", for: request)
            })
        place.withLock { $0 = fake.url("/film.mp4") }
        return fake
    }

    @Test(arguments: faults) func fault_losesNothingThatIsStillThere(fault: Fault) async throws {
        let isHealed = Mutex(false)
        let fake = try Self.scene { number, _ in
            number <= fault.count && !isHealed.withLock { $0 } ? fault.reply : nil
        }
        defer { fake.stop() }
        let first = try RunPodTrial(fake)
        #expect(await first.run() == fault.code, "\(first.message)")
        if fault.code != nil {
            let record = try #require(first.remembered.last)
            #expect(record.isAttachable == fault.isKept && record.state == (fault.isKept ? .running : .ended))
            isHealed.withLock { $0 = true }
            let second = try RunPodTrial(fake, remote: record, scratch: first.scratch)
            // What is over is never gone on with; a person's retry is another attempt.
            let code = await second.run()
            if fault.isKept { #expect(code == nil, "\(second.message)") }
        }
        if fault.isKept { #expect(try first.scratch.bytes("video.mp4") == FakeRunPod.film) }
        #expect(fake.submits == (fault.isKept ? 1 : 2) && fake.accepted == fake.submits)
    }

    // MARK: - Silence

    @Test func address_thatFallsSilent_isGoneOnWith() async throws {
        let head = FakeHTTPReply.head(
            200, [("Content-Length", "\(FakeRunPod.film.count)"), ("ETag", "\"f\""), ("Accept-Ranges", "bytes")])
        let fake = try Self.scene { number, _ in
            number == 1 ? FakeHTTPReply([.send(head + FakeRunPod.film.prefix(900)), .hang]) : nil
        }
        defer { fake.stop() }
        let trial = try RunPodTrial(fake, isImpatient: true)
        #expect(await trial.run() == nil, "\(trial.message)")
        #expect(try trial.scratch.bytes("video.mp4") == FakeRunPod.film && fake.submits == 1)
        #expect(fake.requests.last { $0.path == "/film.mp4" }?["Range"] == "bytes=900-")
    }

    @Test(arguments: [true, false]) func submit_thatIsNeverAnswered_isLookedFor(isListed: Bool) async throws {
        let fake = try FakeRunPod(
            submit: { _ in .acceptAnd(.hang) }, life: FakeRunPod.usual(FakeRunPod.inline), listsRuns: isListed)
        defer { fake.stop() }
        let trial = try RunPodTrial(fake, isImpatient: true)
        #expect(await trial.run() == (isListed ? nil : .submitUnknown), "\(trial.message)")
        #expect(fake.submits == 1 && fake.accepted == 1)
    }

    @Test(arguments: [
        FakeHTTPReply.hang, FakeHTTPReply([.send(FakeHTTPReply.head(200, [("Content-Length", "500")])), .hang]),
    ])
    func status_thatIsNeverAnswered_isAskedAgain(silence: FakeHTTPReply) async throws {
        let usual = FakeRunPod.usual(FakeRunPod.inline)
        let fake = try FakeRunPod(life: { look in look == 2 ? .reply(silence) : usual(look) })
        defer { fake.stop() }
        let trial = try RunPodTrial(fake, isImpatient: true)
        #expect(await trial.run() == nil, "\(trial.message)")
        #expect(try trial.scratch.bytes("video.mp4") == FakeRunPod.film && fake.submits == 1)
    }
}
