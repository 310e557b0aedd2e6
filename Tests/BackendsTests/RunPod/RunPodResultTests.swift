import Foundation
import JobCore
import Synchronization
import TestSupport
import Testing

@testable import Backends

/// Where a result may lie, and what of it stays in memory.
@Suite("RunPod results")
struct RunPodResultTests {
    /// A bucket that holds the film under one key.
    private static func storage(_ key: String, trouble: FakeHTTPReply? = nil) throws -> FakeStorage {
        let fake = try FakeStorage { request in
            if let trouble { return trouble }
            return request.method == "GET" && request.path == "/films/\(key)"
                ? .file(FakeRunPod.film, tag: "\"f\"", for: request) : nil
        }
        return fake
    }

    private static func runpod(_ output: String) throws -> FakeRunPod { try FakeRunPod(life: FakeRunPod.usual(output)) }

    @Test(arguments: [
        (#"{"s3_path":"s3://films/out/a.mp4"}"#, "out/a.mp4"),
        (#"{"video_path":"/runpod-volume/out/a.mp4"}"#, "out/a.mp4"),
        (#"{"result":{"files":["/runpod-volume/b.mp4"]}}"#, "b.mp4"),
    ])
    func resultInABucket_isFetchedWithTheKeyOfTheSettings(output: String, key: String) async throws {
        let (fake, storage) = (try Self.runpod(output), try Self.storage(key))
        defer {
            fake.stop()
            storage.stop()
        }
        let trial = try RunPodTrial(fake, storage: storage.environment)
        #expect(await trial.run() == nil, "\(trial.message)")
        #expect(try trial.scratch.bytes("video.mp4") == FakeRunPod.film)
        #expect(trial.remembered.last?.state == .collected)
        #expect(!trial.said.contains("X-Amz") && !trial.said.contains(FakeStorage.secret))
    }

    @Test(arguments: ["s3://films/out/a.mp4", "/runpod-volume/out/a.mp4"])
    func resultInABucket_withoutSettings_waitsForThem(address: String) async throws {
        let (fake, storage) = (try Self.runpod(#"{"video":"\#(address)"}"#), try Self.storage("out/a.mp4"))
        defer {
            fake.stop()
            storage.stop()
        }
        let first = try RunPodTrial(fake)
        #expect(await first.run() == .configError)
        #expect(first.message.contains(address))
        // What was paid for is gone on with, and not paid for again.
        let record = try #require(first.remembered.last)
        #expect(record.isAttachable)
        let second = try RunPodTrial(fake, remote: record, storage: storage.environment)
        #expect(await second.run() == nil, "\(second.message)")
        #expect(fake.submits == 1)
    }

    @Test func resultInABucket_withTheWrongSecret_namesTheSetting_andWaits() async throws {
        let fake = try Self.runpod(#"{"video":"s3://films/a.mp4"}"#)
        let storage = try Self.storage("a.mp4", trouble: FakeStorage.wrongSecret)
        defer {
            fake.stop()
            storage.stop()
        }
        let trial = try RunPodTrial(fake, storage: storage.environment)
        #expect(await trial.run() == .configError)
        #expect(trial.message.contains("SignatureDoesNotMatch") && trial.remembered.last?.isAttachable == true)
        #expect(!trial.said.contains(FakeStorage.secret))
    }

    @Test func resultThatIsNotInTheBucket_saysSo_andWaits() async throws {
        let (fake, storage) = (try Self.runpod(#"{"video":"s3://films/b.mp4"}"#), try Self.storage("a.mp4"))
        defer {
            fake.stop()
            storage.stop()
        }
        let trial = try RunPodTrial(fake, storage: storage.environment)
        #expect(await trial.run() == .configError)
        #expect(trial.message.contains("There is no object b.mp4"))
        #expect(trial.remembered.last?.isAttachable == true)
    }

    @Test func filmBesideAnUnreachableBucket_isEnough() async throws {
        let film = Base64.encoded(FakeRunPod.film)
        let fake = try Self.runpod(#"{"video":"\#(film)","video_path":"/runpod-volume/a.mp4"}"#)
        defer { fake.stop() }
        let trial = try RunPodTrial(fake)
        #expect(await trial.run() == nil, "\(trial.message)")
        #expect(
            trial.events.contains { if case .warning(let text) = $0 { text.contains("/runpod-volume") } else { false } }
        )
    }

    /// MP4 with sound alone is no film: a paid speech is not thrown away for it.
    @Test func speechInMP4_isASound() async throws {
        let sound: [UInt8] = [0, 0, 0, 24] + Array("ftypM4A ".utf8) + [UInt8](repeating: 7, count: 500)
        let fake = try Self.runpod(#"{"audio":"\#(Base64.encoded(sound))"}"#)
        defer { fake.stop() }
        let trial = try RunPodTrial(fake, type: .speech, params: ["text": "Hello."])
        #expect(await trial.run() == nil, "\(trial.message)")
        #expect(trial.remembered.last?.files.map(\.name) == ["audio.m4a"])
        #expect(try trial.scratch.bytes("audio.m4a") == sound)
    }

    /// The same without the brand, as most programs write it; with a picture it is a film.
    @Test(arguments: [(false, "audio.m4a"), (true, "video.mp4")])
    func soundInMP4_ofAnyBrand_isASound(hasPicture: Bool, name: String) async throws {
        try await withScratch { scratch in
            let picture = hasPicture ? ["-f", "lavfi", "-i", "color=s=64x36:d=0.5", "-pix_fmt", "yuv420p"] : []
            try await scratch.ffmpeg(
                ["-f", "lavfi", "-i", "sine=d=0.5"] + picture + ["-f", "mp4", "\(scratch.path)/result.mp4"])
            let bytes = try Array(scratch.bytes("\(scratch.path)/result.mp4"))
            let fake = try Self.runpod(#"{"output":"\#(Base64.encoded(bytes))"}"#)
            defer { fake.stop() }
            let trial = try RunPodTrial(
                fake, type: hasPicture ? .render : .speech, params: [hasPicture ? "prompt" : "text": "Hello."])
            #expect(await trial.run() == nil, "\(trial.message)")
            #expect(trial.remembered.last?.files.map(\.name) == [name])
        }
    }

    // MARK: - Inside the answer

    private static func long(_ count: Int) -> [UInt8] { FakeRunPod.film + [UInt8](repeating: 9, count: count) }

    private func names(_ trial: RunPodTrial) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: trial.scratch.path).sorted()
    }

    @Test(arguments: ["", "data:video/mp4;base64,"]) func longResult_comesHomeByWayOfAFile(head: String) async throws {
        let film = Self.long(300_000)
        let fake = try Self.runpod(#"{"video":"\#(head)\#(Base64.encoded(film))","seed":7}"#)
        defer { fake.stop() }
        let trial = try RunPodTrial(fake)
        #expect(await trial.run() == nil, "\(trial.message)")
        #expect(try trial.scratch.bytes("video.mp4") == film)
        #expect(try names(trial) == ["video.mp4"])
    }

    @Test func longTexts_thatAreNoResult_leaveNothing() async throws {
        let (film, picture) = (Self.long(100_000), [UInt8](repeating: 0, count: 90_000))
        let busy = #","output":{"preview":"\#(Base64.encoded(picture))","progress":0.4}"#
        let output = #"{"latents":"\#(Base64.encoded(picture))","video":"\#(Base64.encoded(film))"}"#
        let fake = try FakeRunPod(life: { look in
            look < 3 ? .state("IN_PROGRESS", busy) : .state("COMPLETED", #","output":\#(output)"#)
        })
        defer { fake.stop() }
        let trial = try RunPodTrial(fake)
        #expect(await trial.run() == nil, "\(trial.message)")
        #expect(try trial.scratch.bytes("video.mp4") == film)
        #expect(try names(trial) == ["video.mp4"])
    }

    /// A text that begins like base64 for 64 KiB, and is none.
    @Test func longWords_areNoReasonToLoseAResult() async throws {
        let film = Base64.encoded(Self.long(10))
        let words = String(repeating: "a", count: 70_000) + " and more"
        let fake = try Self.runpod(#"{"log":"\#(words)","video":"\#(film)"}"#)
        defer { fake.stop() }
        let trial = try RunPodTrial(fake)
        #expect(await trial.run() == nil, "\(trial.message)")
        #expect(try trial.scratch.bytes("video.mp4") == Self.long(10))
    }

    @Test func takenUpAgain_sweepsWhatAKilledOwnerHadHalfReceived() async throws {
        let fake = try Self.runpod(#"{"video":"\#(Base64.encoded(Self.long(100_000)))"}"#)
        defer { fake.stop() }
        let first = try RunPodTrial(fake)
        #expect(await first.run() == nil)
        var record = try #require(first.remembered.last)
        record.state = .running
        let second = try RunPodTrial(fake, remote: record)
        try Data([1, 2, 3]).write(to: URL(filePath: second.scratch.path + "/spill-3"))
        #expect(await second.run() == nil, "\(second.message)")
        #expect(try names(second) == ["video.mp4"])
    }
}
