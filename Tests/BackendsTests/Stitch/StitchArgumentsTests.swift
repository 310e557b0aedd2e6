import JobCore
import Testing

@testable import Backends

/// The recorded ffmpeg commands of the stitcher.
@Suite struct StitchArgumentsTests {
    private func plan(_ params: String) throws -> (timeline: Timeline, plan: StitchPlan) {
        let document = try JobDocument(reading: Array(#"{"type":"EXPORT","params":\#(params)}"#.utf8))
        guard case .export(let timeline) = try JobRequest(document).work else {
            throw Failure(.internalError, "EXPORT is a timeline.")
        }
        let probe = """
            {"format":{"start_time":"0.000000","duration":"5.0"},"streams":[{"codec_type":"video","codec_name":"h264",
            "width":720,"height":1280,"pix_fmt":"yuv420p","sample_aspect_ratio":"1:1","r_frame_rate":"30/1",
            "avg_frame_rate":"30/1","time_base":"1/15360","start_time":"0","duration":"5.0","nb_frames":"150",
            "extradata_hash":"SHA256:1"},{"codec_type":"audio","codec_name":"aac","sample_rate":"44100","channels":1}]}
            """
        guard let facts = SourceFacts(probe: probe) else { throw Failure(.internalError, "The probe does not read.") }
        let all = Dictionary(timeline.clips.map { ($0.source, facts) }) { first, _ in first }
        return (timeline, try StitchPlan(timeline, facts: all))
    }

    private func text(_ arguments: [String]) -> String { arguments.joined(separator: "\n") + "\n" }

    @Test(arguments: TimelineClip.Fit.allCases)
    func body_isTheRecordedCommand(fit: TimelineClip.Fit) throws {
        let (timeline, plan) = try plan(
            """
            {"clips":[{"path":"a","start":0.5,"end":4,"speed":0.4,"volume":0.5}],"fit":"\(fit)",
            "output":{"size":"480p"}}
            """)
        let part = PartArguments(
            plan: plan, part: plan.parts[0], encoder: FilmEncoder(output: timeline.output, rate: plan.rate),
            inputs: [StitchInput(path: "/in/a.mp4", demuxer: "mov")], captions: ["p0-0.ass"])
        try Golden.expect(
            text(part.arguments(picture: "p0.mp4", threads: 1)), equals: "stitch-body-\(fit)")
    }

    @Test func transition_isTheRecordedCommand() throws {
        let (timeline, plan) = try plan(#"{"clips":["a","b"],"transition":"dip","output":{"codec":"hevc"}}"#)
        let part = PartArguments(
            plan: plan, part: plan.parts[1], encoder: FilmEncoder(output: timeline.output, rate: plan.rate),
            inputs: ["a", "b"].map { StitchInput(path: "/in/\($0).mkv", demuxer: "matroska") }, captions: [])
        try Golden.expect(
            text(part.arguments(picture: "p1.mp4", threads: 2)), equals: "stitch-transition")
    }

    @Test func mix_isTheRecordedCommand() throws {
        let sounds = [
            TimelineSound(
                source: .file("m"), start: 1.5, volume: 0.5, isLooped: true, fadeIn: 1, fadeOut: 2, isDucked: true),
            TimelineSound(source: .file("n")),
        ]
        let inputs = ["m.mp3", "n.wav"].map { StitchInput(path: "/in/\($0)", demuxer: String($0.suffix(3))) }
        let mix = MixArguments(duration: 10, sounds: sounds, inputs: inputs)
        try Golden.expect(text(mix.arguments(list: "sounds.txt", mix: "mix.wav")), equals: "stitch-mix")
        let measure = MixArguments(duration: 10, sounds: [], inputs: [])
        try Golden.expect(text(measure.arguments(list: "sounds.txt", mix: nil)), equals: "stitch-measure")
    }

    @Test func film_isTheRecordedCommand() throws {
        let (timeline, plan) = try plan(#"{"clips":["a","a"]}"#)
        let film = FilmArguments(
            plan: plan, encoder: FilmEncoder(output: timeline.output, rate: plan.rate), pictures: "pictures.txt",
            demuxers: ["mov"], soundtrack: "sound.m4a", captions: "captions.srt", metadata: "recipe.ffmeta")
        try Golden.expect(text(film.arguments(film: "../film.mp4.part")), equals: "stitch-film")
        let track = SoundtrackArguments(sound: JoinList.arguments("sounds.txt", ["wav"]), filters: "volume=3dB")
        try Golden.expect(text(track.arguments(soundtrack: "sound.m4a")), equals: "stitch-soundtrack")
        try Golden.expect(JoinList.text([("p0.mp4", 4), ("p1.mp4", 1.0 / 3)]), equals: "stitch-list")
    }

    @Test func sound_isTheRecordedCommand() throws {
        let (_, plan) = try plan(#"{"clips":[{"path":"a","start":2},"b"],"transition":"dip"}"#)
        let sound = SoundArguments(
            plan: plan, parts: plan.parts,
            inputs: ["a.mp4 mov", "a.mp4 mov", "b.mkv matroska", "b.mkv matroska"].map {
                let words = $0.split(separator: " ").map(String.init)
                return StitchInput(path: "/in/\(words[0])", demuxer: words[1])
            })
        try Golden.expect(text(sound.arguments(sound: "s0.wav")), equals: "stitch-sound")
        #expect(sound.sampleCount == 48_000 * (3 + 5) - 24_000)
    }

    @Test(arguments: [(1, [1]), (16, [16]), (17, [8, 9]), (20, [10, 10]), (33, [11, 11, 11])])
    func sounds_areMadeInFewRunsOfTheSameSize(count: Int, sizes: [Int]) throws {
        let clips = Array(repeating: "\"a\"", count: count).joined(separator: ",")
        let (_, plan) = try plan("{\"clips\":[\(clips)]}")
        let batches = SoundArguments.batches(plan.parts)
        #expect(batches.map(\.count) == sizes && batches.flatMap { $0 } == plan.parts)
    }

    @Test(arguments: [(1, 2, [2]), (2, 2, [1, 1]), (3, 2, [1, 1, 2]), (5, 4, [1, 1, 1, 1, 4]), (2, 4, [2, 2])])
    func lastParts_shareTheProcessors(count: Int, width: Int, threads: [Int]) {
        #expect((0..<count).map { PartMaker.threads($0, of: count, width: width) } == threads)
    }

    @Test func loudness_becomesFiltersOnlyWhereItMust() throws {
        let summary = """
            [Parsed_ebur128_0 @ 0x1] Summary:

              Integrated loudness:
                I:         -23.1 LUFS
                Threshold: -33.1 LUFS

              True peak:
                Peak:       -9.0 dBFS
            """
        let loudness = try #require(Loudness(summary: summary))
        #expect(loudness == Loudness(integrated: -23.1, truePeak: -9))
        #expect(loudness.filters(to: -23.1) == nil)
        #expect(loudness.filters(to: -20) == "volume=3.1dB")
        #expect(loudness.filters(to: -14)?.contains("alimiter") == true)
        #expect(Loudness(summary: "I: -70.0 LUFS Peak: -inf dBFS")?.filters(to: -14) == nil)
        #expect(Loudness(summary: "nothing") == nil)
    }
}
