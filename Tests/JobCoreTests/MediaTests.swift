import JobCore
import Testing

@Suite struct FrameSizeTests {
    @Test(
        arguments: [
            ("480p", nil, 854, 480), ("720p", nil, 1280, 720), ("1080p", nil, 1920, 1080), ("720P", "16:9", 1280, 720),
            ("720p", "9:16", 720, 1280), ("720p", "1:1", 720, 720), ("480p", "4:1", 1920, 480),
            ("480p", "1:4", 480, 1920),
            ("640x360", nil, 640, 360), ("641X361", nil, 642, 362), ("640x360", "1:1", 640, 360),
            ("16x16", nil, 16, 16),
            ("8192x8192", nil, 8192, 8192), ("8191x17", nil, 8192, 18),
        ] as [(String, String?, Int, Int)])
    func init_resolution_isEvenAndExact(resolution: String, ratio: String?, width: Int, height: Int) {
        let size = FrameSize(resolution: resolution, aspectRatio: ratio)
        #expect(size?.width == width && size?.height == height)
        #expect(size?.description == "\(width)x\(height)")
    }

    @Test(arguments: [
        "", "p", "360p", "4k", "640", "640x", "x360", "640x360x2", "15x16", "8193x16", "-640x360", "+640x360",
        "640x3.6",
        "640 x 360", "99999999999999999999x16",
    ])
    func init_badResolution_isNil(resolution: String) {
        #expect(FrameSize(resolution: resolution, aspectRatio: nil) == nil)
    }

    @Test(arguments: [
        "", "16", "16:", ":9", "16:9:1", "0:1", "1:0", "-1:-1", "1:4.1", "4.1:1", "nan:nan", "inf:inf", "0x10:9",
        "1e1:9",
    ])
    func ratio_badText_isNil(text: String) {
        #expect(FrameSize.ratio(text) == nil)
        #expect(FrameSize(resolution: "720p", aspectRatio: text) == nil)
    }

    @Test func ratio_legalText_isWidthByHeight() {
        #expect(
            FrameSize.ratio("16:9") == 16.0 / 9 && FrameSize.ratio("2.5:1") == 2.5 && FrameSize.ratio("1:4") == 0.25)
    }
}

@Suite struct ArtifactTests {
    static let film = Artifact(
        name: "film.mp4", kind: .video, bytes: 5_000_000_000, sha256: "ab",
        media: MediaFacts(
            duration: 5.5, width: 640, height: 360, framesPerSecond: 23.976, videoCodec: "h264", audioCodec: "aac"),
        poster: "film.jpg", contactSheet: "contact.jpg")

    @Test(arguments: [
        film, Artifact(name: "a.wav", kind: .audio, bytes: 0, sha256: "", media: MediaFacts(duration: 2)),
        Artifact(name: "漢 字.json", kind: .data, bytes: 1, sha256: "c"),
        Artifact(name: "i.png", kind: .image, bytes: 9, sha256: "d"),
    ])
    func json_roundTripThroughBytes_isEqual(artifact: Artifact) throws {
        #expect(try Artifact(json: JSONReader.read(JSONWriter.pretty(artifact.json))) == artifact)
    }

    @Test func json_hasTheKeysOfTheContract() {
        #expect(
            Self.film.json == [
                "name": "film.mp4", "kind": "video", "bytes": 5_000_000_000, "sha256": "ab", "duration": 5.5,
                "width": 640,
                "height": 360, "fps": 23.976, "video_codec": "h264", "audio_codec": "aac", "poster": "film.jpg",
                "contact_sheet": "contact.jpg",
            ])
    }

    @Test(
        arguments: [
            .null, [:], ["name": "a"], ["name": "../a", "kind": "video"], ["name": "a/b", "kind": "video"],
            ["name": "a", "kind": "film"], ["kind": "video"],
        ] as [JSONValue])
    func init_noArtifact_isNil(json: JSONValue) {
        #expect(Artifact(json: json) == nil)
    }

    @Test func init_posterThatIsAPath_isDropped() {
        #expect(
            Artifact(json: ["name": "a", "kind": "video", "poster": "../x", "contact_sheet": "a/b"])
                == Artifact(name: "a", kind: .video, bytes: 0, sha256: ""))
    }

    @Test func mediaFacts_withoutDuration_areNil() {
        #expect(MediaFacts(fields: ["width": 5]) == nil)
        #expect(MediaFacts(fields: ["duration": 5, "width": 1e300]) == MediaFacts(duration: 5))
    }
}
