import JobCore
import Testing

@Suite struct StitchPlanTests {
    static func plan(_ params: String, _ facts: [String: SourceFacts]) throws -> StitchPlan {
        let timeline = try TimelineTests.timeline(params)
        let known = Dictionary(uniqueKeysWithValues: facts.map { (MediaReference.file($0), $1) })
        return try StitchPlan(timeline, facts: known)
    }

    @Test func equalWholeClips_areTakenOverAsTheyAre() throws {
        let clip = try SourceFacts.clip()
        let plan = try Self.plan(#"{"clips":["a","b"]}"#, ["a": clip, "b": clip])
        #expect(plan.isCopy && plan.frameCount == 240 && plan.clock == (12_288, 512))
        #expect(plan.parts.map(\.count) == [120, 120] && plan.warnings == [])
    }

    @Test(arguments: [
        #""transition":"crossfade""#, #""captions":[{"text":"x","start":0,"end":1}]"#, #""output":{"fps":25}"#,
        #""output":{"size":"480p"}"#, #""output":{"codec":"hevc"}"#, #""output":{"quality":"draft"}"#,
    ])
    func wishForOtherPixels_isEncoded(key: String) throws {
        let clip = try SourceFacts.clip()
        #expect(try !Self.plan(#"{"clips":["a","b"],\#(key)}"#, ["a": clip, "b": clip]).isCopy)
    }

    @Test func clipsThatDifferInAnything_areEncoded() throws {
        let clip = try SourceFacts.clip()
        let others = [
            try SourceFacts.clip(size: "720x1280"), try SourceFacts.clip(rate: "25/1"),
            try SourceFacts.clip(setup: "SHA256:2"), try SourceFacts.clip(pixel: "4:3"),
            try SourceFacts.clip(timeBase: "1/90000"), try SourceFacts.clip(frames: 119),
        ]
        for other in others {
            #expect(try !Self.plan(#"{"clips":["a","b"]}"#, ["a": clip, "b": other]).isCopy, "\(other)")
        }
        let soft = #"{"clips":["a","a"],"captions":{"mode":"soft","lines":[{"text":"x","start":0,"end":1}]}}"#
        #expect(try Self.plan(soft, ["a": clip]).isCopy)
        #expect(try !Self.plan(#"{"clips":["a",{"path":"a","end":4}]}"#, ["a": clip]).isCopy)
    }

    @Test func transitions_shareFramesAndLeaveEveryClipOneOfItsOwn() throws {
        let plan = try Self.plan(
            #"{"clips":["a",{"path":"b","transition":"dip"},"a"],"transition":"crossfade"}"#,
            ["a": try .clip(), "b": try .clip(seconds: 0.5)])
        // b has 12 frames: 5 for each side, one of the two left over.
        #expect(plan.frameCount == 120 + 12 + 120 - 5 - 5)
        #expect(plan.parts.map(\.count) == [115, 5, 2, 5, 115])
        #expect(plan.warnings.count == 2 && plan.warnings[0].contains("too short for 0.5 s"))
    }

    @Test func endPastTheSource_isCutThereAndSaid() throws {
        let plan = try Self.plan(#"{"clips":[{"path":"a","start":1,"end":9,"speed":2}]}"#, ["a": try .clip()])
        #expect(plan.frameCount == 48 && plan.warnings.first?.contains("ends at 5 s, asked was 9 s") == true)
    }

    @Test func aspect_keepsTheFirstClipsShorterSide() throws {
        let portrait = try Self.plan(#"{"clips":["a"],"output":{"aspect":"9:16"}}"#, ["a": try .clip()])
        #expect(portrait.size == FrameSize(width: 720, height: 1280))
        let wide = try Self.plan(
            #"{"clips":["a"],"output":{"aspect":"16:9"}}"#, ["a": try .clip(size: "640x640", pixel: "1:1")])
        #expect(wide.size == FrameSize(width: 1138, height: 640))
    }

    @Test func unknownPictures_areRefusedWithAPointer() throws {
        func message(_ facts: SourceFacts) -> String {
            do {
                _ = try Self.plan(#"{"clips":["a"]}"#, ["a": facts])
                return ""
            } catch { return (error as? Failure)?.message ?? "" }
        }
        let clip = try SourceFacts.clip()
        let silent = SourceFacts(video: nil, audio: clip.audio, startTime: 0, duration: 5)
        #expect(message(silent).hasPrefix("/params/clips/0: a has no picture"))
        #expect(try message(.clip(seconds: 0)).hasPrefix("/params/clips/0: a does not say how long it is"))
        #expect(try message(.clip(seconds: 14_401)).hasPrefix("/params/clips: the film would last longer than 4 hours"))
    }

    /// Invariants 1 and 3 over random timelines.
    @Test func randomTimelines_haveNoGapAndNoOverlap() throws {
        var random = SeededRandom(7)
        let kinds = TimelineTransition.Kind.allCases
        for _ in 0..<2000 {
            var facts: [String: SourceFacts] = [:]
            let clips = try (0..<Int.random(in: 1...8, using: &random)).map { index -> String in
                facts["\(index)"] = try .clip(
                    rate: ["24/1", "30000/1001", "16/1", "25/1"].randomElement(using: &random) ?? "24/1",
                    seconds: Double.random(in: 0.02...6, using: &random))
                let kind = kinds.randomElement(using: &random) ?? .cut
                return """
                    {"path":"\(index)","speed":\(Double.random(in: 0.1...10, using: &random)),
                    "transition":{"type":"\(kind.rawValue)","duration":\(Double.random(in: 0.04...10, using: &random))}}
                    """
            }
            let plan = try Self.plan(#"{"clips":[\#(clips.joined(separator: ","))]}"#, facts)
            var next = 0
            for part in plan.parts {
                #expect(part.filmStart == next && part.count >= 1)
                next += part.count
                for take in part.takes {
                    #expect(take.first >= 0 && take.first + part.count <= plan.clips[take.clip].frameCount)
                }
            }
            #expect(next == plan.frameCount)
            let bodies = plan.parts.count { if case .body = $0.content { true } else { false } }
            #expect(bodies == plan.clips.count)
        }
    }
}
