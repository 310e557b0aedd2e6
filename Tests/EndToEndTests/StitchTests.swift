import Foundation
import JobCore
import Testing

@testable import kinospool

/// Films from the films of other jobs.
@Suite(.timeLimit(.minutes(5))) struct StitchTests {
    private func render(_ desk: Desk, _ ids: String...) async throws {
        for id in ids {
            try desk.write(
                "jobs/\(id).json",
                #"{"type":"RENDER","params":{"prompt":"\#(id)","duration":1,"resolution":"96x64","seed":7}}"#)
            try #require(try await desk.run("submit", "jobs/\(id).json").status == 0)
        }
    }

    private func facts(_ desk: Desk, _ path: String) async throws -> String {
        try await desk.shell(
            "ffprobe -v error -count_packets -show_entries stream=codec_name,nb_read_packets -of csv=p=0 '\(path)'")
    }

    @Test func stitch_ofJobsAndFiles_waitsForThemAndHandsOverTheFilm() async throws {
        try await Desk.use { desk in
            try await render(desk, "one", "two")
            let serve = try await desk.run("serve", "--once")
            try #require(serve.status == 0, "\(serve.errors)")
            try await desk.shell("cp -L spool/films/two.mp4 two.mp4")
            let made = try await desk.run(
                "stitch", "job:one", "two.mp4:0.25-0.75", "--crossfade", "0.25", "--caption", "0-0.5 Once", "-o",
                "film.mp4")
            #expect(made.status == 0 && made.output == "\(desk.folder)/film.mp4\n", "\(made.errors)")
            #expect(try await facts(desk, "film.mp4").contains("h264,30"), "1 + 0.5 - 0.25 s at 24 fps")
            let job = try Desk.object(try await desk.run("show", "@last", "--json").output)
            #expect(job["type"] == "EXPORT" && job["status"] == "SUCCEEDED")
            // The recipe names the jobs, so that the film can be made again.
            let recipe = try Desk.object(try await desk.run("show", "--json", "--from", "film.mp4").output)
            #expect(recipe["type"] == "EXPORT")
        }
    }

    @Test func export_droppedBeforeItsClips_isMadeWhenTheyAreDone() async throws {
        try await Desk.use { desk in
            try desk.write("spool/queued/film.json", #"{"type":"EXPORT","params":{"clips":["job:one","job:two"]}}"#)
            let daemon = try await desk.serve()
            try await render(desk, "two", "one")
            try await desk.until { desk.state("film")?.isFinal == true }
            #expect(desk.state("film") == .done)
            let id = try #require(JobID("film"))
            let log = desk.read("\(desk.folder)/spool/\(SpoolLayout.log(id))")
            #expect(log?.contains("pictures taken over as they are") == true, "\(log ?? "")")
            #expect(try await facts(desk, "spool/films/film.mp4").contains("h264,48"))
            #expect(try await desk.stop(daemon).status == 0)
        }
    }

    @Test func export_whoseClipFails_failsWithDependencyFailed() async throws {
        try await Desk.use { desk in
            try desk.write("spool/queued/bad.json", #"{"type":"NOOP","params":{"fail":"config_error"}}"#)
            try desk.write("spool/queued/film.json", #"{"type":"EXPORT","params":{"clips":["job:bad"]}}"#)
            #expect(try await desk.run("serve", "--once").status == 4)
            #expect(try desk.job("film").error?.code == .dependencyFailed)
        }
    }

    @Test func stitch_wronglyAsked_saysHow() async throws {
        try await Desk.use { desk in
            let none = try await desk.run("stitch")
            #expect(none.status == 64 && none.errors.contains("clip"), "\(none.errors)")
            let caption = try await desk.run("stitch", "a.mp4", "--caption", "hello")
            #expect(caption.status == 64 && caption.errors.contains("START-END TEXT"), "\(caption.errors)")
            let both = try await desk.run("stitch", "a.mp4", "--captions", "a.srt", "--caption", "0-1 x")
            #expect(both.status == 64 && both.errors.contains("Either --caption or --captions"), "\(both.errors)")
            let missing = try await desk.run("stitch", "a.mp4", "--no-wait")
            #expect(
                missing.status != 0 && missing.errors.contains("/params/clips/0/path names the file"),
                "\(missing.errors)")
        }
    }

    @Test(
        arguments: [
            ("a.mp4", "a.mp4", nil, nil), ("a.mp4:1.5-4", "a.mp4", 1.5, 4), ("a.mp4:2-", "a.mp4", 2, nil),
            ("a.mp4:-3", "a.mp4", nil, 3), ("job:x:1-2", "job:x", 1, 2),
            ("https://x/a.mp4", "https://x/a.mp4", nil, nil),
            ("a:b-c", "a:b-c", nil, nil), ("a.mp4:-", "a.mp4:-", nil, nil), ("a.mp4:1..2-3", "a.mp4:1..2-3", nil, nil),
        ] as [(String, String, Double?, Double?)])
    func clipText_isReadFromItsEnd(text: String, source: String, start: Double?, end: Double?) {
        let clip = ClipText(text)
        #expect(clip.source == source && clip.start == start && clip.end == end)
    }
}
