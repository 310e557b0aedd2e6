import JobCore
import Testing

@Suite struct TimelineTests {
    static func timeline(_ params: String) throws -> Timeline {
        let request = try JobRequestTests.request(#"{"type":"EXPORT","params":\#(params)}"#)
        guard case .export(let timeline) = request.work else { throw Failure(.internalError, "no EXPORT") }
        return timeline
    }

    @Test func smallestFilm_takesTheDefaults() throws {
        let timeline = try Self.timeline(#"{"clips":["job:shot1","job:shot2/take.mp4","intro.mp4"]}"#)
        let ids = try ["shot1", "shot2"].map { try #require(JobID($0)) }
        #expect(
            timeline.clips.map(\.source) == [
                .job(ids[0], artifact: nil), .job(ids[1], artifact: "take.mp4"), .file("intro.mp4"),
            ])
        #expect(timeline.loudness == -14 && timeline.transition == .cut && timeline.fit == .contain)
        #expect(timeline.captions == .none && timeline.sounds == [] && timeline.output == TimelineOutput())
        #expect(timeline.neededJobs == ids)
    }

    @Test func predecessorsBody_isValidAsItIs() throws {
        let timeline = try Self.timeline(
            #"{"clips":[{"url":"https://x/a.mp4","start":1,"end":3.5}],"captions":[{"text":"Hi","start":0,"end":2}]}"#)
        #expect(timeline.clips == [TimelineClip(source: .file("https://x/a.mp4"), start: 1, end: 3.5)])
        #expect(timeline.captions.lines == [TimelineCaption(text: "Hi", start: 0, end: 2)])
    }

    @Test func fullFilm_takesEveryKey() throws {
        let timeline = try Self.timeline(
            """
            {"clips":[{"job":"a","start":1,"end":2,"speed":0.5,"volume":0,"fit":"blur",
              "transition":{"type":"dip","duration":1},"caption":{"text":"c","style":"top"}},
              {"path":"/m/b.mp4","transition":"wipe_left","caption":"d"}],
             "transition":"crossfade","fit":"cover","captions":{"file":"job:a/c.srt","mode":"both","style":"large"},
             "audio":[{"url":"m.mp3","start":2,"volume":0.5,"loop":true,"fade_in":1,"fade_out":2,"duck":true},"n.mp3"],
             "loudness":-16,"poster":3,"contact_sheet":false,"preview_gif":true,
             "output":{"preset":"shorts","fps":25,"codec":"hevc","quality":"high","format":"mov"}}
            """)
        #expect(timeline.clips[0].speed == 0.5 && timeline.clips[0].volume == 0 && timeline.clips[0].fit == .blur)
        #expect(timeline.clips[0].transition == TimelineTransition(kind: .dip, duration: 1))
        #expect(timeline.clips[0].caption == .init(text: "c", style: "top"))
        #expect(timeline.clips[1].transition == TimelineTransition(kind: .wipeLeft, duration: 0.5))
        #expect(timeline.transition == TimelineTransition(kind: .crossfade, duration: 0.5) && timeline.fit == .cover)
        #expect(timeline.captions.mode == .both && timeline.captions.style == "large")
        #expect(timeline.sounds[0].isLooped && timeline.sounds[0].isDucked && timeline.sounds[0].fadeOut == 2)
        #expect(timeline.sounds[1] == TimelineSound(source: .file("n.mp3")))
        #expect(
            timeline.loudness == -16 && timeline.posterTime == 3 && !timeline.hasContactSheet && timeline.hasPreview)
        #expect(timeline.output.size == FrameSize(width: 1080, height: 1920) && timeline.output.codec == .hevc)
        #expect(timeline.output.quality == .high && timeline.output.format == .mov)
        #expect(try Self.timeline(#"{"clips":["a"],"loudness":"OFF","poster":false}"#).loudness == nil)
    }

    @Test(arguments: [
        (#"{}"#, "/params/clips must name at least one clip"),
        (#"{"clips":[]}"#, "/params/clips must name at least one clip"),
        (#"{"clips":"a.mp4"}"#, "/params/clips must be an array"),
        (#"{"clips":[1]}"#, "/params/clips/0 must be an object"),
        (#"{"clips":[""]}"#, "/params/clips/0 must be a file name"),
        (#"{"clips":["a\u0001b"]}"#, "/params/clips/0 must be a file name"),
        (#"{"clips":["job:../x"]}"#, "/params/clips/0 names no legal job id"),
        (#"{"clips":["job:a/../b"]}"#, "/params/clips/0 names no legal artifact"),
        (#"{"clips":[{}]}"#, "/params/clips/0/url or path or job is needed"),
        (#"{"clips":[{"url":"a","job":"b"}]}"#, "/params/clips/0/url or path or job is needed, exactly one"),
        (#"{"clips":[{"url":"a","start":-1}]}"#, "/params/clips/0/start must be 0 to 86400 (is -1)"),
        (#"{"clips":[{"url":"a","start":3,"end":3}]}"#, "/params/clips/0/end must be after start"),
        (#"{"clips":[{"url":"a","speed":0.09}]}"#, "/params/clips/0/speed must be 0.1 to 10"),
        (#"{"clips":[{"url":"a","volume":4.1}]}"#, "/params/clips/0/volume must be 0 to 4"),
        (#"{"clips":[{"url":"a","fit":"zoom"}]}"#, "/params/clips/0/fit must be one of contain, cover, blur, stretch"),
        (#"{"clips":["a"],"transition":"melt"}"#, "/params/transition must be one of cut, crossfade, dip"),
        (#"{"clips":["a"],"transition":{"duration":1}}"#, "/params/transition/type is missing"),
        (#"{"clips":["a"],"captions":[{"text":"x","start":2,"end":1}]}"#, "/params/captions/0/end must be after start"),
        (#"{"clips":["a"],"captions":[{"start":0,"end":1}]}"#, "/params/captions/0/text is missing"),
        (#"{"clips":["a"],"captions":{"mode":"hard"}}"#, "/params/captions/mode must be one of burnt, soft, both"),
        (#"{"clips":["a"],"audio":[{"url":"m","loop":1}]}"#, "/params/audio/0/loop must be true or false"),
        (#"{"clips":["a"],"loudness":"loud"}"#, "/params/loudness must be a number of LUFS or \"off\""),
        (#"{"clips":["a"],"loudness":-4}"#, "/params/loudness must be -40 to -5"),
        (#"{"clips":["a"],"output":{"size":"huge"}}"#, "/params/output/size must be 480p"),
        (#"{"clips":["a"],"output":{"aspect":"wide"}}"#, "/params/output/aspect must be W:H"),
        (#"{"clips":["a"],"output":{"fps":121}}"#, "/params/output/fps must be 1 to 120"),
        (
            #"{"clips":["a"],"output":{"codec":"av1","format":"mov"}}"#,
            "/params/output/format must be mp4 or mkv for av1"
        ),
        (#"{"clips":["a"],"output":{"codec":"vp9"}}"#, "/params/output/codec must be one of h264, hevc, av1"),
    ])
    func impossibleTimeline_isRefusedWithAPointer(params: String, reason: String) {
        #expect {
            try Self.timeline(params)
        } throws: { error in
            guard let failure = error as? Failure else { return false }
            return failure.code == .invalidJob && failure.message.hasPrefix(reason)
        }
    }

    @Test func clips_atTheLimitAndOnePast() throws {
        func clips(_ count: Int) -> String {
            #"{"clips":[\#(Array(repeating: "\"a\"", count: count).joined(separator: ","))]}"#
        }
        #expect(try Self.timeline(clips(Timeline.clipLimit)).clips.count == 500)
        #expect(throws: Failure.self) { try Self.timeline(clips(Timeline.clipLimit + 1)) }
    }

    @Test func jobClips_areNeededWithoutBeingNamedTwice() throws {
        let request = try JobRequestTests.request(
            #"{"type":"EXPORT","needs":["b"],"params":{"clips":["job:a","job:b","job:a"],"audio":["job:c"]}}"#)
        #expect(request.needs.map(\.text) == ["b", "a", "c"])
    }

    @Test func mediaFields_mapEveryPlaceThatNamesAFile() throws {
        let params = try JSONReader.read(
            Array(
                #"""
                {"image":"i","clips":["a",{"url":"b"},{"path":"c"},{"job":"d"},"job:e"],"audio":[{"path":"f"},"g"],
                 "captions":{"file":"h"},"video":"v"}
                """#.utf8))
        let fields = try #require(params.object)
        #expect(Set(MediaFields.texts(in: fields)) == ["i", "a", "b", "c", "f", "g", "h", "v"])
        let mapped = MediaFields.map(fields) { (pointer, text) throws(Never) in "\(pointer)=\(text)" }
        #expect(mapped["clips"]?.array?[1] == .object(["url": "/clips/1/url=b"]))
        #expect(mapped["clips"]?.array?[4] == "job:e" && mapped["captions"] == .object(["file": "/captions/file=h"]))
        // The list form of `audio` is a timeline's; the generating types' is a text.
        #expect(MediaFields.texts(in: ["audio": "voice.wav"]) == ["voice.wav"])
    }
}
