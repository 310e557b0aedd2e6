import Foundation
import JobCore
import TestSupport
import Testing

@testable import Backends

/// The profiles that come along: each one's input, as recorded, and what they refuse before anything is paid for.
@Suite("Profiles")
struct ProfileTests {
    private static let library = ProfileLibrary(folder: nil)
    private static let picture = ProfileMedia.file(bytes: [0x89, 0x50, 0x4E, 0x47, 1, 2], .png, name: "image.png")
    private static let sound = ProfileMedia.file(bytes: Array("RIFF....WAVE".utf8), .wav, name: "audio.wav")

    private static func wish(
        _ type: String, _ params: [String: JSONValue], media: [String: ProfileMedia] = [:]
    ) throws -> ProfileWish {
        let request = try JobRequest(JobDocument(["type": .string(type), "params": .object(params)]))
        guard case .generate(let type, let parameters) = request.work else { throw Failure(.internalError, "no work") }
        return ProfileWish(type: type, parameters: parameters, written: params, seed: 42, media: media)
    }

    private static func input(
        _ profile: String, _ type: String, _ params: [String: JSONValue], media: [String: ProfileMedia] = [:]
    ) throws -> String {
        let input = try library.profile(profile).input(for: try wish(type, params, media: media))
        return String(decoding: JSONWriter.pretty(.object(input)), as: UTF8.self)
    }

    private static let film: [String: JSONValue] = [
        "prompt": "paper boats", "negative_prompt": "people", "duration": 3, "resolution": "720p", "steps": 20,
        "guidance": 4.5, "seed": 42,
    ]

    private static func withImage(_ params: [String: JSONValue]) -> [String: JSONValue] {
        params.merging(["image": "boat.png"]) { first, _ in first }
    }

    @Test func eachProfile_makesItsRecordedInput() throws {
        var text = ""
        func add(
            _ profile: String, _ type: String, _ params: [String: JSONValue], media: [String: ProfileMedia] = [:]
        ) throws {
            text += "# \(profile) \(type)\n\(try Self.input(profile, type, params, media: media))\n"
        }
        try add("raw", "RENDER", Self.film.merging(["my_own": [1, true], "extra": ["shift": 8]]) { $1 })
        try add("raw", "IMG2VID", Self.withImage(Self.film), media: ["image": Self.picture])
        try add("runpod-public-wan", "RENDER", Self.film)
        try add(
            "runpod-public-wan", "IMG2VID", Self.withImage(["prompt": "x", "flow_shift": 5]),
            media: ["image": .url("https://a.b/c.png")])
        try add("wan-generate_video", "IMG2VID", Self.withImage(Self.film), media: ["image": Self.picture])
        try add(
            "wan-generate_video", "IMG2VID", Self.withImage(["num_frames": 50, "width": 500, "height": 300]),
            media: ["image": .url("https://a.b/c.png")])
        try add("wan-nikserg", "RENDER", Self.film.merging(["aspect_ratio": "9:16"]) { $1 })
        try add("wan-nikserg", "IMG2VID", Self.withImage(["prompt": "x"]), media: ["image": Self.picture])
        try add(
            "worker-comfyui", "IMG2VID",
            Self.withImage([
                "prompt": "a \"quoted\" boat",
                "workflow": [
                    "3": ["inputs": ["seed": "{{seed}}", "text": "{{ prompt }}, sharp", "image": "{{image_name}}"]]
                ],
            ]), media: ["image": Self.picture])
        try add("cogvideox", "RENDER", ["prompt": "x", "duration": 4])
        try add(
            "infinitetalk", "LIPSYNC", ["audio": "a.wav", "image": "boat.png", "prompt": "She sings."],
            media: ["audio": Self.sound, "image": Self.picture])
        try add("chatterbox", "TTS", ["text": "Hello.", "voice": "lucy"])
        try Golden.expect(text, equals: "profiles")
    }

    static let refusals: [(String, String, [String: JSONValue], String)] = [
        ("chatterbox", "RENDER", ["prompt": "x"], "/type: the profile chatterbox makes TTS, no RENDER."),
        (
            "cogvideox", "RENDER", ["prompt": "x", "num_frames": 500],
            "/params/num_frames must be 25 to 49 for the profile cogvideox (is 497)."
        ),
        (
            "runpod-public-wan", "RENDER", ["prompt": "x", "duration": 60],
            "/params/duration must be 1 to 15 for the profile runpod-public-wan (is 60)."
        ),
        (
            "worker-comfyui", "RENDER", ["prompt": "x"],
            "/params/workflow is missing; the profile worker-comfyui needs it."
        ),
        (
            "chatterbox", "TTS", ["text": "x", "format": "mid"],
            #"/params/format must be one of "wav", "mp3", "flac", "ogg" for the profile chatterbox (is "mid")."#
        ),
    ]

    @Test(arguments: refusals.indices)
    func whatCannotBe_isRefusedWithAPointer(index: Int) throws {
        let (profile, type, params, message) = Self.refusals[index]
        let error = #expect(throws: Failure.self) { try Self.input(profile, type, params) }
        #expect(error?.message == message && error?.code == .invalidJob)
    }

    @Test func transports_thatTheWorkerDoesNotKnow_areRefused() throws {
        #expect(throws: Failure.self) {
            try Self.input(
                "wan-nikserg", "IMG2VID", Self.withImage(["prompt": "x"]), media: ["image": .url("https://a/b")])
        }
        #expect(throws: Failure.self) {
            try Self.input("chatterbox", "TTS", ["text": "x", "audio": "a.wav"], media: ["audio": Self.sound])
        }
    }

    @Test(arguments: ProfileLibrary.shipped.keys.sorted())
    func shipped_readsAndSaysWhatItIs(name: String) throws {
        let profile = try Self.library.profile(name)
        #expect(!profile.summary.isEmpty && !profile.types.isEmpty)
    }

    @Test(arguments: [
        ("[]", "a profile is one JSON object."), ("{", "not JSON at line 1, column 2: the text ends too early."),
        (#"{"types": ["RENDER"], "feilds": {}}"#, "/feilds is no part of a profile"),
        (#"{"types": ["FILM"], "fields": {}}"#, "/types must name some of"),
        (
            #"{"types": ["RENDER"], "fields": {"a": {"from": "prompt", "rnd": 1}}}"#,
            "/fields/a/rnd is no part of a rule"
        ),
        (#"{"types": ["RENDER"], "fields": {"a": {"multiple": 4}}}"#, "/fields/a/from is missing"),
        (
            #"{"types": ["RENDER"], "fields": {"a": {"from": "prompt", "transport": "url"}}}"#,
            "/fields/a/transport suits"
        ),
        (#"{"types": ["RENDER"]}"#, "/fields is missing"),
    ])
    func profile_thatIsWrong_saysWhere(text: String, message: String) throws {
        let error = #expect(throws: Failure.self) { try WorkerProfile(name: "mine", reading: Array(text.utf8)) }
        #expect(error?.code == .configError)
        #expect(error?.message.hasPrefix("Profile mine: \(message)") == true, "\(error?.message ?? "")")
    }

    @Test func ownFolder_winsOverWhatComesAlong() throws {
        let place = RunPodTrial.Place()
        try #"{"types": ["RENDER"], "constants": {"mine": 1}, "fields": {"p": {"from": "prompt"}}}"#.write(
            toFile: "\(place.path)/raw.json", atomically: true, encoding: .utf8)
        let profile = try ProfileLibrary(folder: place.path).profile("raw")
        #expect(try profile.input(for: Self.wish("RENDER", ["prompt": "x"])) == ["mine": 1, "p": "x"])
        #expect(throws: Failure.self) { try ProfileLibrary(folder: place.path).profile("../raw") }
        #expect(throws: Failure.self) { try ProfileLibrary(folder: place.path).profile("nowhere") }
    }
}
