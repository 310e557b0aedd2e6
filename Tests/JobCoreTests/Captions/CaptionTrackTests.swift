import JobCore
import Testing

@Suite("Caption track")
struct CaptionTrackTests {
    private func refusal(_ cues: [Cue]) -> String {
        do throws(Failure) {
            _ = try CaptionTrack(cues: cues, at: "/params/captions")
            return ""
        } catch {
            return error.message
        }
    }

    @Test func cues_atTheLimitAndOnePast() throws {
        let cue = Cue(text: "a", start: 0, end: 1)
        #expect(refusal(Array(repeating: cue, count: CaptionTrack.cueLimit)) == "")
        let many = refusal(Array(repeating: cue, count: CaptionTrack.cueLimit + 1))
        #expect(many == "/params/captions has 10001 captions, the limit is 10000")
    }

    @Test func text_atTheLimitAndOnePast() {
        let long = String(repeating: "a", count: Cue.textLimit)
        #expect(refusal([Cue(text: long, start: 0, end: 1)]) == "")
        let refused = refusal([Cue(text: "a", start: 0, end: 1), Cue(text: long + "a", start: 0, end: 1)])
        #expect(refused == "/params/captions/1 text has 2049 bytes, the limit is 2048")
    }

    @Test(arguments: [
        (0.0, Cue.latestEnd, ""), (1.0, 1.0, "ends at 1.0, which is not after its start at 1.0"),
        (2.0, 1.0, "ends at 1.0, which is not after its start at 2.0"),
        (-0.1, 1.0, "must lie between 0 and 360000 seconds (is -0.1 to 1.0)"),
        (0.0, Cue.latestEnd + 1, "must lie between 0 and 360000 seconds (is 0.0 to 360001.0)"),
        (.nan, 1.0, "must lie between 0 and 360000 seconds (is nan to 1.0)"),
        (0.0, .infinity, "must lie between 0 and 360000 seconds (is 0.0 to inf)"),
    ])
    func times_outOfRange_areRefused(start: Double, end: Double, reason: String) {
        let refused = refusal([Cue(text: "a", start: start, end: end)])
        #expect(refused == (reason.isEmpty ? "" : "/params/captions/0 \(reason)"))
    }

    @Test(arguments: ["", " \n\t", "\u{7}"])
    func text_withNothingToShow_isRefused(text: String) {
        #expect(refusal([Cue(text: text, start: 0, end: 1)]) == "/params/captions/0 has no text")
    }

    @Test func style_thatDoesNotExist_isRefusedWithTheNamesThatDo() throws {
        let failure = try #require(throws: Failure.self) {
            _ = try CaptionTrack(cues: [Cue(text: "a", start: 0, end: 1, style: "lable")])
        }
        #expect(failure.code == .invalidJob)
        #expect(failure.message == "captions/0 asks for the style \"lable\", which does not exist.")
        #expect(failure.hint == "Styles are default, top, large, label. Did you mean \"label\"?")
        for style in CaptionStyle.all { #expect(try CaptionStyle.named(style.name) == style) }
    }

    @Test func cues_areSortedByStart_equalStartsStayAsTheyAre() throws {
        let cues = [("c", 2.0), ("a", 1.0), ("d", 2.0), ("b", 1.0)].map { Cue(text: $0.0, start: $0.1, end: 9) }
        #expect(try CaptionTrack(cues: cues).cues.map(\.text) == ["a", "b", "c", "d"])
    }

    @Test(arguments: [
        (0, 26, false), (0, 27, true), (26, 30, true), (74, 80, true), (75, 80, false), (30, 30, false),
    ])
    func touches_countsFramesThatShowTheCue(first: Int, past: Int, touches: Bool) throws {
        // At 25 frames a second it is seen from frame 26, the first after its start, to frame 74.
        let track = try CaptionTrack(cues: [Cue(text: "a", start: 1.001, end: 3)])
        let window = try #require(CaptionWindow(frames: first..<past, framesPerSecond: 25))
        #expect(track.touches(window) == touches)
        #expect((SubtitleScript(track, size: try size, window: window) != nil) == touches)
    }

    private var size: FrameSize { get throws { try #require(FrameSize(width: 640, height: 360)) } }

    @Test func cue_betweenTwoFrames_isNeverSeen() throws {
        let track = try CaptionTrack(cues: [Cue(text: "a", start: 1.01, end: 1.03)])
        #expect(!track.touches(try #require(CaptionWindow(frames: 0..<100, framesPerSecond: 25))))
    }

    @Test func window_ofNoFilm_isNil() {
        #expect(CaptionWindow(frames: 0..<1, framesPerSecond: 0) == nil)
        #expect(CaptionWindow(frames: 0..<1, framesPerSecond: .nan) == nil)
        #expect(CaptionWindow(frames: 0..<1, framesPerSecond: 240) != nil)
        #expect(CaptionWindow(frames: 0..<1, framesPerSecond: 241) == nil)
        #expect(CaptionWindow(frames: -1..<1, framesPerSecond: 25) == nil)
        #expect(CaptionWindow(seconds: 0..<1e9, framesPerSecond: 25) == nil)
        #expect(CaptionWindow(seconds: 0.96..<2.01, framesPerSecond: 25)?.frames == 24..<50)
    }
}
