import Testing

@testable import JobCore

@Suite struct RecipeTests {
    private static func recipe(_ text: String, lane: Lane = .preview, seed: Int = 7) throws -> Recipe? {
        let document = try JobDocument(reading: Array(text.utf8))
        return Recipe(document, try JobRequest(document), lane: lane, seed: seed)
    }

    @Test func init_ofAJob_keepsTheWorkAndNothingOfItsLife() throws {
        let recipe = try #require(
            try Self.recipe(
                """
                {"type":"RENDER","job_id":"boats","params":{"prompt":"p","steps":9,"mine":[1,null]},"profile":"fast",
                 "webhook_url":"https://x/y","idempotency_key":"k","tags":["t"],"note":"n","priority":3,
                 "created_at":"2026-11-23T14:03:55.123Z","attempt":2,"max_attempts":5,"errors":[1]}
                """))
        #expect(
            recipe.json == [
                "kinospool_recipe": 1, "type": "RENDER", "backend": "preview", "profile": "fast",
                "kinospool": .string(KinospoolVersion.text),
                "params": ["prompt": "p", "steps": 9, "mine": [1, .null], "seed": 7],
            ])
    }

    @Test func init_withTheSameWork_isTheSameText() throws {
        let one = try Self.recipe(#"{"type":"RENDER","params":{"prompt":"p","seed":7}}"#)
        let two = try Self.recipe(
            #"{"job_id":"b","type":"RENDER","params":{"embed_recipe":true,"prompt":"p"},"backend":"preview"}"#)
        #expect(one?.text == two?.text)
        #expect(try Self.recipe(#"{"type":"RENDER","params":{"prompt":"p"}}"#, seed: 8)?.text != one?.text)
    }

    @Test func init_ofATimeline_takesItAsItIs() throws {
        let recipe = try Self.recipe(#"{"type":"EXPORT","params":{"clips":[{"url":"a.mp4"}]}}"#, lane: .ffmpeg)
        #expect(recipe?.params == ["clips": [["url": "a.mp4"]]])
        #expect(recipe?.backend == "ffmpeg")
    }

    @Test(arguments: ["RENDER", "EXPORT", "TTS"])
    func embedRecipe_false_givesNone(type: String) throws {
        #expect(
            try Self.recipe(#"{"type":"\#(type)","params":{"prompt":"p","clips":["a"],"embed_recipe":false}}"#) == nil)
        #expect(
            try Self.recipe(#"{"type":"\#(type)","params":{"prompt":"p","clips":["a"],"embed_recipe":null}}"#) != nil)
    }

    @Test(arguments: ["RENDER", "EXPORT"])
    func embedRecipe_thatIsNoBoolean_isInvalid(type: String) throws {
        let text = #"{"type":"\#(type)","params":{"prompt":"p","clips":["a"],"embed_recipe":"no"}}"#
        let failure = #expect(throws: Failure.self) { _ = try Self.recipe(text) }
        #expect(failure?.code == .invalidJob)
        #expect(failure?.message == "/params/embed_recipe must be true or false (is a string)")
    }

    @Test func noop_hasNone() throws {
        #expect(try Self.recipe(#"{"type":"NOOP"}"#, lane: .noop) == nil)
    }

    @Test func init_withSecrets_masksThemAndNamesThePlaces() throws {
        let recipe = try #require(
            try Self.recipe(
                """
                {"type":"IMG2VID","params":{"image":"https://me:word@host/a.png?X-Amz-Signature=ab&X-Amz-Date=1",
                 "prompt":"a cat","extra":{"api_key":12345,"a/b":{"token":["t"]},"list":["Bearer abcdef0123456789xy"]},
                 "audio":"https://host/a.wav?v=2#t=3"}}
                """))
        #expect(
            recipe.params == [
                "image": "https://host/a.png", "prompt": "a cat", "seed": 7, "audio": "https://host/a.wav?v=2#t=3",
                "extra": ["api_key": "••••", "a/b": ["token": "••••"], "list": ["Bearer ••••"]],
            ])
        #expect(
            recipe.maskedPointers
                == ["/params/extra/api_key", "/params/extra/a~1b/token", "/params/extra/list/0"])
        for secret in ["12345", "word", "me:", "abcdef01", "Signature"] { #expect(!recipe.text.contains(secret)) }
    }

    @Test(arguments: [
        ("https://h/x?sig=1&se=2", "https://h/x"), ("https://u@h/x", "https://h/x"),
        ("https://a@b@h/x?q=1", "https://h/x?q=1"), ("s3://bucket/key", "s3://bucket/key"),
        ("https://h/x#access_token=1", "https://h/x"), ("https://h/x?a=1;Key-Pair-Id=2", "https://h/x"),
        ("https://h/x?X%2DGoog-Expires=3", "https://h/x"), ("https://h/@x?design=1", "https://h/@x?design=1"),
        ("https://h?token=1", "https://h"),
    ])
    func url_losesUserAndSignature(url: String, expected: String) {
        #expect(PublicURL.text(url) == expected)
    }

    @Test(arguments: ["", "cat.png", "://x", "see https://u:p@h for more", "a b://c"])
    func url_thatIsNone_isNil(text: String) { #expect(PublicURL.text(text) == nil) }

    @Test func text_readBack_isEqual() throws {
        var recipe = try #require(
            try Self.recipe(#"{"type":"RENDER","params":{"prompt":"\"q\" \\ ; = # \n 漢 \u0001","fps":23.976}}"#))
        recipe.note = "A note."
        #expect(try Recipe(recipe.text) == recipe)
        #expect(recipe.text.utf8.allSatisfy { $0 >= 0x20 })
    }

    @Test func document_ofARecipe_isAJobThatGivesTheSameRecipe() throws {
        let recipe = try #require(try Self.recipe(#"{"type":"RENDER","params":{"prompt":"p"},"profile":"fast"}"#))
        let document = recipe.document
        #expect(Recipe(document, try JobRequest(document), lane: .preview, seed: 7) == recipe)
    }

    @Test func init_ofAHostileText_takesOnlyWhatMakesTheFilm() throws {
        let recipe = try Recipe(
            #"{"kinospool_recipe":1,"type":"NOOP","webhook_url":"http://x","needs":["a"],"job_id":"b","priority":100}"#)
        #expect(recipe.document.fields == ["type": "NOOP", "params": [:]])
    }

    @Test(
        arguments: [
            ("", .noRecipe), ("Shot on my phone", .noRecipe), ("{}", .noRecipe), ("[1]", .noRecipe),
            (#"{"kinospool_recipe":"1","type":"NOOP"}"#, .noRecipe), (#"{"kinospool_recipe":2}"#, .newer(2)),
            (#"{"kinospool_recipe":1}"#, .damaged("type or params are missing")),
            (#"{"kinospool_recipe":1,"type":"NOOP","params":[]}"#, .damaged("type or params are missing")),
        ] as [(String, Recipe.Unreadable)])
    func init_ofAnotherText_saysWhy(text: String, reason: Recipe.Unreadable) {
        #expect(throws: reason) { _ = try Recipe(text) }
    }

    @Test func init_ofAShortenedRecipe_isDamagedNotMissing() throws {
        let text = try #require(try Self.recipe(#"{"type":"RENDER","params":{"prompt":"p"}}"#)?.text)
        guard
            case .damaged = #expect(
                throws: Recipe.Unreadable.self, performing: { _ = try Recipe(String(text.dropLast(9))) })
        else {
            Issue.record("It should be damaged.")
            return
        }
    }

    @Test func init_atTheLimit_readsAndBeyondDoesNot() throws {
        let frame = #"{"kinospool_recipe":1,"type":"NOOP","note":""}"#
        let room = Recipe.maximumBytes - frame.utf8.count
        func text(_ count: Int) -> String { String(frame.dropLast(2)) + String(repeating: "x", count: count) + "\"}" }
        #expect(try Recipe(text(room)).note?.utf8.count == room)
        #expect(throws: Recipe.Unreadable.tooLarge) { _ = try Recipe(text(room + 1)) }
    }

    @Test func ffmetadata_escapesWhatHasAMeaning() {
        #expect(FFMetadata.text(["comment": "a=b;c#d\\e\nf\u{0}"]) == ";FFMETADATA1\ncomment=a\\=b\\;c\\#d\\\\e\\\nf\n")
    }

    @Test(
        arguments: [.noSuchFile, .notAFile, .notAFilm("x"), .tookTooLong, .unreadable(.noRecipe)]
            as [RecipeProblem.Reason])
    func problem_namesTheFileAndWhatMendsIt(reason: RecipeProblem.Reason) {
        let problem = RecipeProblem("a.mp4", reason)
        #expect(problem.message.contains("a.mp4") && problem.message.hasSuffix(reason == .notAFilm("x") ? "x" : "."))
        #expect(!problem.hint.isEmpty && problem.code.allSatisfy { $0.isLowercase || $0 == "_" })
    }
}
