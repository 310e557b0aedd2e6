import Backends
import JobCore
import Spool
import TestSupport
import Testing

@testable import Engine

/// From a dropped file to its ending.
@Suite(.timeLimit(.minutes(3))) struct LifeTests {
    @Test func drop_aGoodFile_isDoneWithItsArtifactsRecorded() async throws {
        let backend = ScriptedBackend(
            .progress(40, "painting"), .log("hello"), .produce(ProducedFile(name: "notes.bin", kind: .data), [1, 2, 3]))
        try await Stage.play(backend) { stage in
            try stage.drop("boats", #"{"type":"RENDER","params":{"prompt":"boats","seed":7},"mood":"calm"}"#)
            try await stage.until("boats", is: .done)
            let document = try stage.document("boats")
            #expect(document.outcome == .done)
            #expect(document.attempt == 1)
            #expect(document.fields["mood"] == "calm")
            #expect(
                document.artifacts == [
                    Artifact(
                        name: "notes.bin", kind: .data, bytes: 3,
                        sha256: "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81")
                ])
            #expect(try stage.exists(SpoolLayout.scratch("boats", attempt: 1) + "/notes.bin"))
            #expect(backend.requests.map(\.seed) == [7])
            try await stage.untilSaid("info job done")
            let log = try stage.spool.folder.logText("boats")
            #expect(log.contains("hello"))
            #expect(log.contains("attempt 1 done"))
        }
    }

    @Test func finishedFile_isAnArtifactLikeTheOthers() async throws {
        let backend = ScriptedBackend(
            .finish(ProducedFile(name: "notes.bin", kind: .data), [1, 2, 3]),
            .produce(ProducedFile(name: "more.bin", kind: .data), []))
        try await Stage.play(backend) { stage in
            try stage.drop("boats", #"{"type":"RENDER","params":{"prompt":"boats"}}"#)
            try await stage.until("boats", is: .done)
            let artifacts = try stage.document("boats").artifacts
            #expect(artifacts.map(\.name) == ["notes.bin", "more.bin"] && artifacts.map(\.bytes) == [3, 0])
            #expect(artifacts.first?.sha256.hasPrefix("039058c6") == true)
        }
    }

    /// The backend would go on for ever: the check of what is finished does not wait for it.
    @Test func finishedFile_thatIsBroken_endsTheBackend() async throws {
        let broken = ProducedFile(name: "film.mp4", kind: .video)
        try await Stage.play(ScriptedBackend(.finish(broken, [1, 2, 3]), .hang)) { stage in
            try stage.drop("boats", #"{"type":"RENDER","params":{"prompt":"boats"}}"#)
            try await stage.until("boats", is: .failed)
            #expect(try stage.document("boats").error?.code == .invalidVideo)
        }
    }

    @Test func finishedFile_whosePosterNeverCame_isRefused() async throws {
        let bare = ProducedFile(name: "notes.bin", kind: .data, poster: "poster.jpg")
        try await Stage.play(ScriptedBackend(.finish(bare, [1, 2, 3]))) { stage in
            try stage.drop("boats", #"{"type":"RENDER","params":{"prompt":"boats"}}"#)
            try await stage.until("boats", is: .failed)
            #expect(try stage.document("boats").error?.message == "poster.jpg was not made.")
        }
    }

    @Test func drop_aFilm_linksItUnderItsName() async throws {
        try await Stage.play(PreviewBackend()) { stage in
            try stage.drop(
                "boats", #"{"type":"RENDER","params":{"prompt":"boats","duration":0.5,"resolution":"128x72"}}"#)
            try await stage.until("boats", is: .done)
            let film = try #require(try stage.document("boats").artifacts.first)
            try await stage.until { try stage.exists("films/boats.mp4") }
            #expect(film.poster == "poster.jpg" && film.contactSheet == "contact.jpg")
            for name in film.fileNames {
                #expect(try stage.exists(SpoolLayout.scratch("boats", attempt: 1) + "/" + name))
            }
            let recipe = try await RecipeReader().recipe(of: "\(stage.spool.root)/films/boats.mp4")
            #expect(recipe.params["prompt"] == "boats")
            #expect(try stage.document("boats").warnings.isEmpty)
            #expect(
                try stage.spool.files.linkTarget("films/boats.mp4")
                    == SpoolLayout.filmTarget("boats", attempt: 1, name: film.name))
            #expect(try stage.document("boats")[.params]?.object?["seed"]?.integer != nil)
        }
    }

    @Test func backend_getsTheRecipeOfItsJob_unlessTheJobWantsNone() async throws {
        let backend = ScriptedBackend()
        try await Stage.play(backend) { stage in
            try stage.drop("boats", #"{"type":"RENDER","params":{"prompt":"boats"},"webhook_url":"http://x/y"}"#)
            try await stage.until("boats", is: .done)
            try stage.drop("bare", #"{"type":"RENDER","params":{"prompt":"boats","embed_recipe":false}}"#)
            try await stage.until("bare", is: .done)
            let seed = Int64(JobRequest.resolvedSeed(for: "boats"))
            let recipe = try #require(backend.requests.first?.recipe)
            #expect(recipe.params == ["prompt": "boats", "seed": .integer(seed)] && recipe.backend == "preview")
            #expect(!recipe.text.contains("http"))
            #expect(backend.requests.count == 2 && backend.requests[1].recipe == nil)
        }
    }

    @Test func warnings_areKeptInTheFileAndTheLog_andGoWithTheNextAttempt() async throws {
        let backend = ScriptedBackend { request in
            request.attempt == 1
                ? [
                    .warning("It is dark, api_key=abcdef123456"), .warning("It is silent."),
                    .fail(Failure(.invalidVideo, "No.")),
                ] : []
        }
        try await Stage.play(backend) { stage in
            try stage.drop("boats", #"{"type":"RENDER","params":{"prompt":"boats"},"warnings":["mine"]}"#)
            try await stage.until("boats", is: .failed)
            let warnings = ["It is dark, api_key=••••", "It is silent."]
            #expect(try stage.document("boats").warnings == warnings)
            #expect(try stage.spool.folder.view("boats")?.warnings == warnings)
            #expect(try stage.spool.folder.logText("boats").contains("warning: It is dark, api_key=••••"))
            try await stage.until { stage.indexed("boats")?.warnings == warnings }

            try await stage.untilNobodyOwns("boats")
            try stage.move("boats", .failed, .queued)
            try await stage.until("boats", is: .done)
            #expect(try stage.document("boats").warnings.isEmpty)
        }
    }

    @Test func fail_notRetryable_endsAtOnceWithoutOutputs() async throws {
        let backend = ScriptedBackend(
            .produce(ProducedFile(name: "half.bin", kind: .data), [1]),
            .fail(Failure(.invalidVideo, "It is cut short.")))
        try await Stage.play(backend) { stage in
            try stage.drop("boats", #"{"type":"RENDER","params":{"prompt":"boats"}}"#)
            try await stage.until("boats", is: .failed)
            try await stage.untilSaid("warning job failed")
            let document = try stage.document("boats")
            #expect(document.error == Failure(.invalidVideo, "It is cut short."))
            #expect(document.artifacts.isEmpty)
            #expect(try !stage.exists(SpoolLayout.scratch("boats", attempt: 1)))
        }
    }

    @Test func fail_retryable_goesBackWithDelayAndCountsUntilNoneAreLeft() async throws {
        let reason = Failure(.ffmpegError, "It stumbled.", isRetryable: true)
        let backend = ScriptedBackend(.fail(reason))
        try await Stage.play(backend) { stage in
            let started = stage.spool.folder.wallTime
            try stage.drop("boats", #"{"type":"RENDER","params":{"prompt":"boats"},"max_attempts":2}"#)
            try await stage.untilSaid("info job back in the queue")
            #expect(try stage.spool.folder.state(of: "boats") == .queued)
            let view = try #require(try stage.spool.folder.view("boats"))
            let moment = try #require(view.scheduledFor)
            #expect((12_000...40_000).contains(moment.milliseconds - started.milliseconds))
            #expect(try stage.spool.folder.run(of: "boats")?.failures == 1)
            #expect(try stage.document("boats")[.errors]?.array?.count == 1)

            // A person need not wait.
            try stage.touch("boats", started)
            try await stage.until("boats", is: .failed)
            #expect(try stage.document("boats").error == reason)
            #expect(backend.requests.map(\.attempt) == [1, 2])
        }
    }

    @Test func priority_withOneSlot_decidesTheOrder() async throws {
        let backend = ScriptedBackend()
        try await Stage.play(backend, options: Daemon.Options(role: .daemon, startsPaused: true)) { stage in
            for (id, priority) in [("low", -5), ("plain", 0), ("high", 50)] {
                let text = #"{"type":"RENDER","params":{"prompt":"x"},"priority":\#(priority)}"#
                try stage.drop(try #require(JobID(id[...])), text)
            }
            try await stage.until { stage.indexed("low") != nil && stage.indexed("high") != nil }
            #expect(backend.requests.isEmpty)
            try stage.spool.folder.resume()
            for id in ["low", "plain", "high"] as [JobID] { try await stage.until(id, is: .done) }
            #expect(backend.requests.map(\.jobID.text) == ["high", "plain", "low"])
        }
    }

    @Test func pauseFile_holdsTheQueueUntilItIsRemoved() async throws {
        let backend = ScriptedBackend()
        try await Stage.play(backend, prepared: { try $0.folder.pause(reason: "lunch") }) { stage in
            try stage.drop("boats", #"{"type":"RENDER","params":{"prompt":"x"}}"#)
            try await stage.until { stage.indexed("boats")?.state == .queued }
            #expect(backend.requests.isEmpty)
            try stage.spool.files.remove(SpoolLayout.paused)
            try await stage.until("boats", is: .done)
        }
    }

    @Test(arguments: [
        ("EXPORT", #"{"clips":["a.mp4"]}"#), ("LIPSYNC", #"{"audio":"a.wav","image":"b.png"}"#),
    ])
    func typesWithoutABackend_failAtOnceWithConfigError(type: String, params: String) async throws {
        try await Stage.play(PreviewBackend()) { stage in
            try stage.drop("job", #"{"type":"\#(type)","params":\#(params)}"#)
            try await stage.until("job", is: .failed)
            let error = try #require(try stage.document("job").error)
            #expect(error.code == .configError)
            #expect(!error.hint.isEmpty)
        }
    }

    @Test func once_endsWhenTheQueueIsEmptyAndCountsItsJobs() async throws {
        let options = Daemon.Options(role: .daemon, isOnce: true)
        try await Stage.play(
            options: options,
            prepared: { spool in
                try spool.drop("queued/good.json", Array(#"{"type":"NOOP"}"#.utf8))
                try spool.drop("queued/bad.json", Array(#"{"type":"NOOP","params":{"fail":"invalid_video"}}"#.utf8))
            }
        ) { stage in
            try await stage.untilSaid("notice stopped")
            #expect(await stage.report == Daemon.Report(done: 1, failed: 1))
        }
    }

    @Test func disk_belowTheGuard_startsNothing() async throws {
        try await Stage.play(settings: [.minimumFree: "900000 GB"]) { stage in
            try stage.drop("job")
            try await stage.untilSaid("nothing new starts")
            try await stage.until { stage.indexed("job")?.state == .queued }
            stage.stop()
            try await stage.untilSaid("notice stopped")
            #expect(try stage.spool.folder.state(of: "job") == .queued)
        }
    }
}
