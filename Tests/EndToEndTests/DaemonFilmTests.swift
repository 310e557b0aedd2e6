import Foundation
import JobCore
import Testing

extension DaemonStories {
    /// The first film.
    @Suite struct DaemonFilmTests {
        private static let example = URL(filePath: #filePath)
            .deletingLastPathComponent().appending(path: "../../spool/examples/lighthouse.json").path

        @Test func lighthouse_copiedIntoQueued_becomesAPlayableFilm() async throws {
            try await Desk.use { desk in
                let daemon = try await desk.serve()
                try await desk.shell("cp '\(Self.example)' spool/queued/")
                try await desk.until { desk.state("lighthouse")?.isFinal == true }
                let shown = try Desk.object(try await desk.run("show", "lighthouse", "--json").output)
                #expect(shown["status"] == "SUCCEEDED")
                let artifact = try #require(shown["artifacts"]?.array?.first)
                #expect(shown["artifacts"]?.array?.count == 1)
                #expect(shown["output_urls"]?.array?.count == 1)
                try await desk.until { desk.exists("spool/films/lighthouse.mp4") }

                let film = "\(desk.folder)/spool/films/lighthouse.mp4"
                let probe = try Desk.object(
                    await desk.shell("ffprobe -v error -of json -show_streams -show_format '\(film)'"))
                let streams = (probe["streams"]?.array ?? []).compactMap(\.object)
                let video = try #require(streams.first { $0["codec_type"] == "video" })
                #expect(video["codec_name"] == "h264")
                #expect(video["pix_fmt"] == "yuv420p")
                #expect(streams.first { $0["codec_type"] == "audio" }?["codec_name"] == "aac")
                let duration = try #require(video["duration"]?.string.flatMap { Double($0) })
                let rate = try #require(video["avg_frame_rate"]?.string).split(separator: "/").compactMap { Double($0) }
                #expect(abs(duration - 5) <= rate[1] / rate[0] + 0.001)

                let bytes = try Data(contentsOf: URL(filePath: film))
                let boxes = Self.boxes(bytes)
                let (head, body) = (
                    try #require(boxes.firstIndex(of: "moov")), try #require(boxes.firstIndex(of: "mdat"))
                )
                #expect(head < body, "a player must be able to begin before the end has come: \(boxes)")
                #expect(artifact.object?["bytes"]?.integer == Int64(bytes.count))
                let digest = try await desk.shell("sha256sum < '\(film)'")
                #expect(artifact.object?["sha256"]?.string == String(digest.prefix(64)))
                #expect(try await desk.stop(daemon).status == 0)
            }
        }

        /// The names of the boxes of an MP4 file, in order (ISO/IEC 14496-12, 4.2).
        private static func boxes(_ bytes: Data) -> [String] {
            var (names, at) = ([String](), 0)
            while at + 16 <= bytes.count {
                func number(_ from: Int, _ length: Int) -> Int {
                    bytes[(at + from)..<(at + from + length)].reduce(0) { $0 << 8 | Int($1) }
                }
                names.append(String(decoding: bytes[(at + 4)..<(at + 8)], as: UTF8.self))
                let size = number(0, 4) == 1 ? number(8, 8) : number(0, 4)
                guard size >= 8 else { break }
                at += size
            }
            return names
        }

        @Test func sigterm_duringAPreview_putsTheJobBackAndTheNextStartFinishesIt() async throws {
            try await Desk.use { desk in
                let daemon = try await desk.serve()
                try desk.write(
                    "spool/queued/boats.json",
                    #"{"type":"RENDER","params":{"prompt":"paper boats","duration":20,"resolution":"480p","seed":7}}"#)
                try await desk.until { !desk.helpers.isEmpty }
                let answer = try await desk.stop(daemon)
                #expect(answer.status == 0)
                #expect(desk.state("boats") == .queued)
                #expect(desk.helpers.isEmpty)
                let job = try #require(JobID("boats"))
                let run = try #require(desk.read("\(desk.folder)/spool/\(SpoolLayout.run(job))"))
                let record = try #require(RunRecord(reading: Array(run.utf8)))
                #expect((record.failures, record.crashes) == (0, 0))

                let again = try await desk.serve()
                try await desk.until { desk.state("boats")?.isFinal == true }
                #expect(desk.state("boats") == .done)
                #expect(try desk.job("boats").artifacts.count == 1)
                try await desk.stop(again)
            }
        }
    }
}
