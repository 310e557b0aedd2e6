import Foundation
import Glibc
import JobCore
import Testing

extension DaemonStories {
    /// kill -9 of the daemon in the middle of an export.
    @Suite struct DaemonExportTests {
        private static let parts = 8

        @Test func exportKilledHalfWay_goesOnFromItsFinishedParts() async throws {
            try await Desk.use { desk in
                try await desk.shell(
                    "mkdir bin media && ffmpeg -v error -nostdin -f lavfi -i testsrc2=s=854x480:r=24:d=3 -f lavfi "
                        + "-i sine=d=3 -c:v libx264 -preset ultrafast -pix_fmt yuv420p media/a.mp4")
                // ffmpeg as it is, and a line for each of its runs, with who started it.
                try await desk.shell(
                    #"""
                    printf '#!/bin/sh\necho "$PPID $*" >> "%s/runs"\nexec "%s" "$@"\n' \
                        "$PWD" "$(command -v ffmpeg)" > bin/ffmpeg
                    chmod +x bin/ffmpeg
                    """#)
                let clips = (0..<Self.parts).map {
                    #"{"path":"\#(desk.folder)/media/a.mp4","start":\#(Double($0) / 10),"end":2.5,"caption":"\#($0)"}"#
                }
                let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
                let environment = [
                    "PATH": "\(desk.folder)/bin:\(path)", "KINOSPOOL_MEDIA_ROOTS": "\(desk.folder)/media",
                ]
                let params = #"{"clips":[\#(clips.joined(separator: ","))],"output":{"quality":"high"}}"#
                try desk.write("spool/queued/film.json", #"{"type":"EXPORT","params":\#(params)}"#)
                let first = try await desk.serve(environment: environment)
                try await ChangeSignal.wait(for: ["\(desk.folder)/spool/cache"]) { kept(desk).count >= 2 }
                first.signal(SIGKILL)
                _ = try await first.answer()
                let before = kept(desk)
                try #require((2..<Self.parts).contains(before.count), "killed too late: \(before.count) parts")

                let second = try await desk.serve(environment: environment)
                try await desk.until { desk.state("film")?.isFinal == true }
                #expect(desk.state("film") == .done)
                // What the children of the first one finished after its death is not kept: nobody had counted it.
                let made = (desk.read("\(desk.folder)/runs") ?? "").split(separator: "\n")
                    .count { $0.hasPrefix("\(second.pid) ") && $0.contains("-progress") }
                #expect(made == Self.parts - before.count, "kept \(before.count)")
                #expect(kept(desk).count == Self.parts && before.isSubset(of: kept(desk)))
                let id = try #require(JobID("film"))
                let log = desk.read("\(desk.folder)/spool/\(SpoolLayout.log(id))") ?? ""
                #expect(log.contains("\(before.count) of \(Self.parts) parts are kept from an earlier time"), "\(log)")
                let count = try await desk.shell(
                    "ffprobe -v error -count_packets -select_streams v -show_entries stream=nb_read_packets "
                        + "-of csv=p=0 spool/films/film.mp4")
                // Clips of 2.5, 2.4, … 1.8 s.
                let frames = [60, 58, 55, 53, 50, 48, 46, 43].reduce(0, +)
                #expect(count.contains("\(frames)"), "\(count)")
                #expect(try await desk.stop(second).status == 0)
            }
        }

        private func kept(_ desk: Desk) -> Set<String> {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(desk.folder)/spool/cache")) ?? []
            return Set(names.filter { $0.hasSuffix(".mp4") })
        }
    }
}
