import Foundation
import JobCore
import Testing

@testable import kinospool

/// From a film back to its job.
@Suite(.timeLimit(.minutes(5))) struct FilmRecipeTests {
    private static let small = #""duration":0.5,"resolution":"64x64","seed":7"#

    /// Runs a job file to its end and copies the film away.
    private func film(_ desk: Desk, _ job: String, named name: String, to copy: String) async throws {
        try desk.write("jobs/\(name).json", job)
        try #require(try await desk.run("submit", "jobs/\(name).json").output == "\(name)\n")
        try #require(try await desk.run("serve", "--once").status == 0)
        let ending = job.contains("TTS") ? "m4a" : "mp4"
        try FileManager.default.copyItem(
            atPath: URL(filePath: "\(desk.folder)/spool/films/\(name).\(ending)").resolvingSymlinksInPath().path,
            toPath: "\(desk.folder)/\(copy)")
    }

    @Test func film_afterARemux_isMadeAgainByteForByte() async throws {
        try await Desk.use { desk in
            let job =
                #"{"type":"RENDER","params":{"prompt":"boats; a=b #1","# + Self.small + #"},"tags":["private"]}"#
            try await film(desk, job, named: "boats", to: "boats.mp4")
            try await desk.shell("ffmpeg -v error -i boats.mp4 -c copy 'my boats.mkv'")

            let json = try Desk.object(try await desk.run("show", "--json", "--from", "my boats.mkv").output)
            #expect(json["kinospool_recipe"] == 1 && json["type"] == "RENDER" && json["backend"] == "preview")
            #expect(
                json["params"]
                    == ["prompt": "boats; a=b #1", "duration": 0.5, "resolution": "64x64", "seed": 7])

            let again = try await desk.run("submit", "--from", "my boats.mkv", "--priority", "3")
            #expect(again.status == 0 && again.errors == "1 queued\n")
            #expect(again.output == "my-boats\n" || again.output.hasPrefix("my-boats-"))
            let id = try #require(again.lines.first)
            #expect(try await desk.run("serve", "--once").status == 0)
            let shown = try Desk.object(try await desk.run("show", id, "--json").output)
            #expect(shown["priority"] == 3 && shown["warnings"] == [])
            let artifact = try #require(shown["artifacts"]?.array?.first?.object)
            #expect(artifact["contact_sheet"] == "contact.jpg" && artifact["poster"] == "poster.jpg")
            let digest = try await desk.shell("sha256sum < boats.mp4")
            #expect(artifact["sha256"]?.string == String(digest.prefix(64)))
        }
    }

    @Test func showFrom_withoutASpool_tellsPeopleHowToMakeItAgain() async throws {
        try await Desk.use { desk in
            let job = #"{"type":"TTS","params":{"text":"hello there","extra":{"api_key":"abcdef123456"}}}"#
            try await film(desk, job, named: "hello", to: "it's.m4a")
            try FileManager.default.removeItem(atPath: "\(desk.folder)/spool")
            let answer = try await desk.run("show", "--from", "it's.m4a")
            #expect(answer.status == 0 && answer.errors.isEmpty)
            #expect(answer.lines.first == "TTS  made by preview, Kinospool \(KinospoolVersion.text)")
            #expect(answer.lines.contains("  text   hello there"))
            #expect(
                answer.output.contains("Warning: it's.m4a: secrets are masked in its recipe, at /params/extra/api_key.")
            )
            #expect(answer.lines.last == #"  Try:   kinospool submit --from 'it'\''s.m4a'"#)
            #expect(!answer.output.contains("abcdef"))
            #expect(!desk.exists("spool"))
        }
    }

    @Test func submitFrom_aFilmThatNeedsAPicture_wantsItBesideTheFilm() async throws {
        try await Desk.use { desk in
            try await desk.shell("mkdir jobs && ffmpeg -v error -f lavfi -i testsrc=s=64x64 -frames:v 1 jobs/cat.png")
            let job = #"{"type":"IMG2VID","params":{"image":"cat.png","# + Self.small + "}}"
            try await film(desk, job, named: "cat", to: "film.mp4")
            let answer = try await desk.run("submit", "--from", "film.mp4")
            #expect(answer.status == 1 && answer.output.isEmpty)
            #expect(
                answer.errors.hasPrefix(
                    "0 queued, 1 refused: film.mp4: it needs files that do not lie beside it: "
                        + "cat.png (/params/image)\nhint: Copy them into \(desk.folder), then try again."))

            // In the spool the film's own attachments are at hand.
            #expect(try await desk.run("submit", "--from", "spool/films/cat.mp4").status == 0)
            try await desk.shell("ln -s jobs/cat.png cat.png")
            #expect(try await desk.run("submit", "--from", "film.mp4").status == 1, "no links out of the folder")
            try await desk.shell("rm cat.png && cp jobs/cat.png .")
            let queued = try await desk.run("submit", "--from", "film.mp4")
            #expect(queued.output == "film\n")
            #expect(try await desk.run("serve", "--once").status == 0)
        }
    }

    @Test func submitFrom_aStrangersFilm_takesNoFilesAlongFromElsewhere() async throws {
        try await Desk.use { desk in
            try desk.write("secret.txt", "secret")
            for (name, image) in [
                ("absolute", "\(desk.folder)/secret.txt"), ("above", "../secret.txt"), ("home", "~/secret.txt"),
            ] {
                let recipe: JSONValue = [
                    "kinospool_recipe": 1, "type": "IMG2VID", "params": ["image": .string(image)], "job_id": "mine",
                    "webhook_url": "http://x/y",
                ]
                try desk.write("films/\(name).ffmeta", FFMetadata.text(["comment": JSONWriter.compact(recipe)]))
                try await desk.shell(
                    "cd films && ffmpeg -v error -f lavfi -i testsrc=s=64x64:d=0.2 -i \(name).ffmeta"
                        + " -map 0 -map_metadata 1 \(name).mp4")
                let answer = try await desk.run("submit", "--from", "films/\(name).mp4")
                #expect(answer.output == (name == "absolute" ? "absolute\n" : ""))
                #expect(answer.errors.contains(name == "absolute" ? "1 queued" : "\(image) (/params/image)"))
            }
            let job = try #require(JobID("absolute"))
            #expect(!desk.exists("spool/\(SpoolLayout.inputs(job))"))
            let file = try Desk.object(try #require(desk.read("\(desk.folder)/spool/queued/absolute.json")))
            #expect(file["webhook_url"] == nil)
            // Whether it may read that path is asked where it runs: not outside of the media roots.
            #expect(try await desk.run("serve", "--once").status == 4)
            let shown = try Desk.object(try await desk.run("show", "absolute", "--json").output)
            #expect(shown["error"]?.object?["code"] == "config_error")
        }
    }

    @Test func from_whatIsNoFilmOfOurs_failsWithAReason() async throws {
        try await Desk.use { desk in
            try desk.write("text.mp4", "not a film")
            try await desk.shell("ffmpeg -v error -f lavfi -i testsrc=s=64x64:d=0.2 foreign.mp4")
            for (file, code) in [
                ("missing.mp4", "no_such_file"), ("text.mp4", "not_a_film"), ("spool", "not_a_film"),
                ("foreign.mp4", "no_recipe"),
            ] {
                let shown = try await desk.run("show", "--from", file, "--json")
                #expect(shown.status == 1 && shown.output.isEmpty)
                #expect(try Desk.object(shown.errors)["error"]?.object?["code"] == .string(code))
                let submitted = try await desk.run("submit", "--from", file)
                #expect(submitted.status == 1 && submitted.output.isEmpty)
                #expect(submitted.errors.hasPrefix("0 queued, 1 refused: ") && submitted.errors.contains(file))
            }
            try desk.write("a.json", #"{"type":"NOOP"}"#)
            let mixed = try await desk.run("submit", "a.json", "--from", "foreign.mp4")
            #expect(mixed.status == 4 && mixed.output == "a\n")
        }
    }

    @Test func show_aJobWithWarnings_tellsThem() throws {
        let now = Timestamp(milliseconds: 1_767_225_600_000)
        var view = JobView(
            id: try #require(JobID("boats")), state: .done, typeName: "RENDER", createdAt: now, updatedAt: now)
        view.warnings = ["The film is all\u{1B} black."]
        let console = Console(isJSON: false, isQuiet: false, isPlain: true)
        let text = JobText(view: view, now: now, policy: try Policy(), terminal: console.output)
        #expect(text.lines.contains("  Warning: The film is all  black."))
    }
}
