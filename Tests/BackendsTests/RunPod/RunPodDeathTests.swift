import Foundation
import JobCore
import Synchronization
import TestSupport
import Testing

@testable import Backends

/// The owner dies at each of its records, before and after it reached the disk; the next one goes on with what did.
@Suite("RunPod deaths", .timeLimit(.minutes(5)))
struct RunPodDeathTests {
    private struct Death: Error {}

    /// The intent, the id, the usage, the result, the new size.
    private static let records = 5

    /// A RunPod whose result lies at an address.
    private static func runpod() throws -> FakeRunPod {
        let film = try RealFilm.bytes()
        let place = Mutex("")
        let fake = try FakeRunPod(
            life: { look in FakeRunPod.usual(#"{"video_url":"\#(place.withLock { $0 })"}"#)(look) }, listsRuns: true,
            files: { .file(film, tag: "\"f\"", for: $0) })
        place.withLock { $0 = fake.url("/film.mp4") }
        return fake
    }

    private static func fetches(_ fake: FakeRunPod) -> Int { fake.requests.count { $0.path == "/film.mp4" } }

    @Test func wholeRun_makesSoManyRecords() async throws {
        let fake = try Self.runpod()
        defer { fake.stop() }
        let trial = try RunPodTrial(fake, wantsRecipe: true)
        #expect(await trial.run() == nil, "\(trial.message)")
        #expect(trial.remembered.count == Self.records && trial.remembered.last?.state == .collected)
        #expect(trial.remembered.suffix(2).map { $0.files[0].bytes }.min() == Int64(try RealFilm.bytes().count))
    }

    @Test(arguments: 1...records, [false, true])
    func death_atARecord_neverPaysTwice_norFetchesWhatIsAtHome(number: Int, isOnDisk: Bool) async throws {
        let fake = try Self.runpod()
        defer { fake.stop() }
        let count = Mutex(0)
        let saved = Mutex<RemoteRecord?>(nil)
        let first = try RunPodTrial(fake, wantsRecipe: true) { record in
            let isLast = count.withLock { count in
                count += 1
                return count == number
            }
            if !isLast || isOnDisk { saved.withLock { $0 = record } }
            if isLast { throw Death() }
        }
        #expect(await first.run() != nil && count.withLock { $0 } == number)
        let record = saved.withLock { $0 }
        let fetched = Self.fetches(fake)
        let second = try RunPodTrial(fake, remote: record, scratch: first.scratch, wantsRecipe: true)
        let code = await second.run()
        if number == 1, isOnDisk {
            // It had not left, and nobody can know that: it is not sent.
            #expect(code == .submitUnknown && fake.submits == 0)
            return
        }
        #expect(code == nil, "\(second.message)")
        #expect(fake.submits == 1 && fake.accepted == 1)
        // From the fourth record on the film is at home, whether that is recorded or not.
        #expect(fetched == (number >= 4 ? 1 : 0))
        if number == 5 || (number == 4 && isOnDisk) { #expect(Self.fetches(fake) == 1) }
        let names = try FileManager.default.contentsOfDirectory(atPath: second.scratch.path).sorted()
        #expect(names == ["contact.jpg", "poster.jpg", "video.mp4"])
        let recipe = try await RecipeProbe().recipe(of: "\(second.scratch.path)/video.mp4")
        #expect(recipe.params["prompt"] == "boats")
        #expect(second.warnings == [])
    }
}
