import JobCore
import Testing

@testable import Backends

@Suite("What the preview asks of ffmpeg")
struct PreviewArgumentsTests {
    private func plan(_ params: String) throws -> FilmPlan {
        let json = #"{"type":"RENDER","params":{"prompt":"a""# + (params.isEmpty ? "" : ",") + params + "}}"
        guard case .generate(_, let parameters) = try JobRequest(JobDocument(reading: Array(json.utf8))).work else {
            throw Failure(.internalError, "RENDER generates.")
        }
        return try FilmPlan(parameters)
    }

    private func text(_ arguments: [String]) -> String { arguments.joined(separator: "\n") + "\n" }

    @Test func film_withDefaults_isTheRecordedCommand() throws {
        let palette = PreviewPalette(seed: 42, prompt: "paper boats")
        let film = PreviewFilm(plan: try plan(""), palette: palette, scratch: "/scratch")
        try Golden.expect(text(film.arguments), equals: "render-480p")
    }

    @Test func film_inPortraitAtATelevisionRate_isTheRecordedCommand() throws {
        let palette = PreviewPalette(seed: 7, prompt: "")
        let plan = try plan(#""aspect_ratio":"9:16","fps":23.976,"num_frames":10"#)
        try Golden.expect(
            text(PreviewFilm(plan: plan, palette: palette, scratch: "/scratch").arguments), equals: "render-portrait")
    }

    @Test func pan_overAPicture_isTheRecordedCommand() throws {
        let image = CheckedImage(path: "/inputs/cat.png", format: .png, width: 640, height: 480)
        let pan = KenBurns(
            plan: try plan(""), image: image, palette: PreviewPalette(seed: 42, prompt: ""), seed: 42,
            scratch: "/scratch")
        try Golden.expect(text(pan.arguments), equals: "pan-480p")
    }

    @Test func poster_isTheRecordedCommand() throws {
        let plan = try plan("")
        let film = FilmReel(
            "video.part.mp4", in: "/scratch", frameCount: plan.frameCount, rate: plan.rate, size: plan.size)
        let poster = Poster(film: film, picture: "/scratch/poster.jpg")
        try Golden.expect(text(poster.arguments), equals: "poster")
    }

    @Test func card_withAnOrdinaryPrompt_isTheRecordedFile() throws {
        let plan = try plan("")
        let card = PromptCard(
            size: plan.size, prompt: "paper boats drift out of a harbour at dusk",
            footer: "local preview · \(plan.label) · seed 42", isCaption: false, fadesIn: true)
        try Golden.expect(String(decoding: card.bytes, as: UTF8.self), equals: "card")
    }

    @Test func speech_withEachEngine_isTheRecordedCommand() throws {
        let espeak = PreviewSpeech(engine: .espeak(program: "espeak-ng"), voice: "de", scratch: "/scratch")
        try Golden.expect(try espeak.speaking(ffmpeg: "ffmpeg").description, equals: "speech-espeak")
        let flite = PreviewSpeech(engine: .flite, voice: "de", scratch: "/scratch")
        try Golden.expect(try flite.speaking(ffmpeg: "ffmpeg").description, equals: "speech-flite")
        try Golden.expect(flite.encoding(ffmpeg: "ffmpeg").description, equals: "speech-encode")
    }

    @Test(arguments: ["", "-v", "../x", "a b", "a:b=c", "slt'", "ä"])
    func speech_withAVoiceThatCannotBe_isInvalid(voice: String) async {
        let speech = PreviewSpeech(engine: .flite, voice: voice, scratch: "/scratch")
        #expect(await failure { _ = try speech.speaking(ffmpeg: "ffmpeg") }?.code == .invalidJob)
    }

    @Test func plan_withoutWishes_isFiveSecondsOf480p() throws {
        let plan = try plan("")
        #expect(plan.frameCount == 120 && plan.duration == 5 && plan.size == FrameSize(width: 854, height: 480))
        #expect(plan.label == "854×480 · 24 fps · 5 s")
    }

    @Test(arguments: [
        (#""duration":1,"fps":24"#, 24), (#""duration":2.5,"fps":30"#, 75), (#""duration":0.1"#, 2),
        (#""duration":0.1,"fps":1"#, 1), (#""num_frames":49"#, 49), (#""num_frames":49,"duration":3"#, 49),
        (#""duration":10,"fps":23.976"#, 240), (#""duration":10,"fps":29.97"#, 300), (#""duration":2,"fps":12.5"#, 25),
    ])
    func plan_countsFrames_asTheNearestWholeNumber(params: String, frames: Int) throws {
        let plan = try plan(params)
        #expect(plan.frameCount == frames)
        #expect(plan.fade * 2 <= plan.duration)
    }

    @Test func plan_beyondTheLongestSide_isInvalid() async {
        #expect(await failure { _ = try plan(#""resolution":"4098x100""#) }?.code == .invalidJob)
        #expect(await failure { _ = try plan(#""resolution":"4096x100""#) } == nil)
    }

    @Test(arguments: [
        (24.0, "24"), (23.976, "24000/1001"), (29.97, "30000/1001"), (59.94, "60000/1001"), (12.5, "25/2"), (1, "1"),
        (120, "120"), (29.9, "299/10"),
    ])
    func rate_isAnExactFraction(framesPerSecond: Double, text: String) {
        #expect(FrameRate(framesPerSecond).description == text)
    }

    @Test(arguments: [
        (5.0, "5"), (2.5, "2.5"), (23.976023976, "23.976"), (0.083333, "0.083"), (-1.5, "-1.5"), (0, "0"),
        (0.0004, "0"),
        (3600, "3600"),
    ])
    func decimal_isShortAndNeverScientific(value: Double, text: String) {
        #expect(DecimalText.short(value) == text)
    }

    @Test func palette_followsFromSeedAndPrompt() {
        let one = PreviewPalette(seed: 1, prompt: "a")
        #expect(one == PreviewPalette(seed: 1, prompt: "a"))
        #expect(one != PreviewPalette(seed: 2, prompt: "a") && one != PreviewPalette(seed: 1, prompt: "b"))
        for color in one.base + one.veil { #expect(color.count == 8 && UInt32(color.dropFirst(2), radix: 16) != nil) }
    }
}
