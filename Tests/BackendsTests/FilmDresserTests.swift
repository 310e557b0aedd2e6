import Foundation
import JobCore
import TestSupport
import Testing

@testable import Backends

/// What a film or a sound from elsewhere gets here, by its kind; one that cannot be dressed stays as it came.
@Suite("Films from elsewhere", .timeLimit(.minutes(5)))
struct FilmDresserTests {
    /// A file as a worker makes it.
    struct Kind: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let name: String
        let kind: Artifact.Kind
        let arguments: [String]

        init(_ name: String, _ kind: Artifact.Kind, _ codecs: String, _ more: String...) {
            (self.name, self.kind) = (name, kind)
            let inputs =
                (kind == .video ? ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=8:d=1"] : [])
                + (codecs.contains("-an") ? [] : ["-f", "lavfi", "-i", "sine=f=440:d=1:r=48000"])
            testDescription = "\(name) \(codecs)"
            arguments = inputs + codecs.split(separator: " ").map(String.init) + more
        }
    }

    private static let mp4 = Kind("video.mp4", .video, "-c:v libx264 -pix_fmt yuv420p -c:a aac -shortest")
    private static let gif = Kind("video.gif", .video, "-an")

    static let dressable = [
        mp4, Kind("video.webm", .video, "-c:v libvpx -deadline realtime -c:a libvorbis -f webm"),
        Kind("video.webm", .video, "-c:v libvpx-vp9 -deadline realtime -c:a libopus -f webm"),
        Kind("video.webm", .video, "-an -c:v libx264 -f matroska"),
        Kind("video.avi", .video, "-c:v mpeg4 -c:a libmp3lame"), Kind("video.avi", .video, "-an -c:v mjpeg"),
        Kind("audio.m4a", .audio, "-c:a aac"), Kind("audio.mp3", .audio, "-c:a libmp3lame"),
        Kind("audio.wav", .audio, "-c:a pcm_s16le"), Kind("audio.ogg", .audio, "-c:a libvorbis"),
        Kind("audio.ogg", .audio, "-c:a libopus -f ogg"), Kind("audio.flac", .audio, "-c:a flac"),
    ]

    /// What was said, and what was recorded.
    private struct Told {
        let log = EventLog()
        let records = Records()
    }

    private actor Records {
        private(set) var all: [RemoteRecord] = []
        func add(_ record: RemoteRecord) { all.append(record) }
    }

    private func make(_ kind: Kind, in scratch: Scratch) async throws -> Data {
        try await scratch.ffmpeg(kind.arguments + ["\(scratch.path)/\(kind.name)"])
        return try scratch.bytes("\(scratch.path)/\(kind.name)")
    }

    private func names(_ scratch: Scratch) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
    }

    private static let job = #"{"type":"RENDER","params":{"prompt":"paper boats; a=b #1"}}"#

    private func recipe(_ scratch: Scratch) throws -> Recipe { try #require(try scratch.request(Self.job).recipe) }

    /// Finishes one file as a result of RunPod.
    private func finish(
        _ kind: Kind, _ bytes: Data, in scratch: Scratch, _ told: Told,
        configuration: BackendConfiguration = BackendConfiguration()
    ) async throws -> [ProducedFile] {
        let plain = try scratch.request(Self.job)
        let (records, log) = (told.records, told.log)
        let request = BackendRequest(
            jobID: plain.jobID, attempt: 1, work: plain.work, seed: 42, scratch: scratch.path, inputs: scratch.inputs,
            recipe: plain.recipe, remember: { await records.add($0) })
        let record = RemoteRecord(
            attempt: 1, baseURL: "https://api.runpod.ai/v2/x", id: "r-1", state: .collected,
            submittedAt: Timestamp(milliseconds: 0), digest: "d",
            files: [RemoteRecord.File(name: kind.name, kind: kind.kind, bytes: Int64(bytes.count))])
        return try await RunPodFinish(configuration, request) { log.add($0) }.files(of: record)
    }

    /// Each stream's packets, in numbers: the same before and after.
    private func streams(_ path: String, _ scratch: Scratch) async throws -> String {
        let hashes = "\(scratch.root)/hashes"
        try await scratch.ffmpeg("-i", path, "-map", "0", "-c", "copy", "-f", "streamhash", hashes)
        return String(decoding: try scratch.bytes(hashes), as: UTF8.self)
    }

    // MARK: - What can be dressed

    @Test(arguments: dressable) func eachKind_getsItsRecipe_andFilmsTheirPictures(kind: Kind) async throws {
        try await withScratch { scratch in
            let (told, path) = (Told(), "\(scratch.path)/\(kind.name)")
            let before = try await make(kind, in: scratch)
            let packets = try await streams(path, scratch)
            let made = try await finish(kind, before, in: scratch, told)
            #expect(told.log.warnings == [] && made.map(\.name) == [kind.name])
            let isFilm = kind.kind == .video
            #expect(made[0].poster == (isFilm ? "poster.jpg" : nil))
            #expect(made[0].contactSheet == (isFilm ? "contact.jpg" : nil))
            #expect(try names(scratch) == (isFilm ? ["contact.jpg", "poster.jpg", kind.name] : [kind.name]))
            #expect(try await RecipeProbe().recipe(of: path).text == recipe(scratch).text)
            #expect(try await streams(path, scratch) == packets, "not one packet may change")
            // It is what it was, and recorded as it is now.
            let after = try scratch.bytes(path)
            #expect(MediaSignature(after) == MediaSignature(before))
            #expect(Self.documentType(after) == Self.documentType(before))
            #expect(await told.records.all.last?.files.map(\.bytes) == [Int64(after.count)])
            _ = try await FilmGate().check(made[0], in: scratch.path)
        }
    }

    /// Some players of WebM refuse Matroska in general.
    private static func documentType(_ bytes: Data) -> String? {
        ["webm", "matroska"].first { bytes.prefix(64).range(of: Data($0.utf8)) != nil }
    }

    @Test func gif_getsPictures_andKeepsItsBytes() async throws {
        try await withScratch { scratch in
            let told = Told()
            let before = try await make(Self.gif, in: scratch)
            let made = try await finish(Self.gif, before, in: scratch, told)
            #expect(made.map(\.poster) == ["poster.jpg"] && made.map(\.contactSheet) == ["contact.jpg"])
            #expect(told.log.warnings == ["video.gif carries no recipe: its kind of file holds none."])
            #expect(try scratch.bytes("\(scratch.path)/video.gif") == before)
            #expect(try names(scratch) == ["contact.jpg", "poster.jpg", "video.gif"])
            #expect(await told.records.all.isEmpty, "nothing has changed")
            _ = try await FilmGate().check(made[0], in: scratch.path)
        }
    }

    @Test func sound_hasNoPictures_andSaysSoWhenAsked() async throws {
        try await withScratch { scratch in
            _ = try await make(Kind("audio.wav", .audio, "-c:a pcm_s16le"), in: scratch)
            let log = EventLog()
            let dresser = FilmDresser(BackendConfiguration(), scratch: scratch.path) { log.add($0) }
            #expect(try await dresser.pictures(of: "audio.wav") == nil)
            #expect(log.warnings.count == 1 && log.warnings[0].hasPrefix("There are no still pictures of audio.wav"))
            #expect(try names(scratch) == ["audio.wav"])
        }
    }

    // MARK: - What cannot

    /// Why ffmpeg cannot do it.
    enum Trouble: String, CaseIterable, Sendable {
        /// It is not installed; it fails at once, or when half is written; it leaves something out.
        case missing, fails, failsHalfway, losesSound
    }

    /// A program in the place of ffmpeg.
    private func ffmpeg(_ trouble: Trouble, _ scratch: Scratch) throws -> String {
        let output = #"for last; do :; done; last="${last#file:}""#
        let lines: [String]
        switch trouble {
        case .missing: return "\(scratch.root)/no-ffmpeg"
        case .fails: lines = ["echo 'Invalid data' >&2", "exit 1"]
        case .failsHalfway: lines = [output, "echo half > \"$last\"", "echo 'Broken pipe' >&2", "exit 1"]
        case .losesSound:
            lines = [
                output, "ffmpeg \"$@\" || exit 1",
                "ffmpeg -v error -y -i \"$last\" -c copy -an \"$last.mp4\" && mv \"$last.mp4\" \"$last\"",
            ]
        }
        let program = "\(scratch.root)/other-ffmpeg"
        try Data((["#!/bin/sh"] + lines).joined(separator: "\n").utf8).write(to: URL(filePath: program))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        return program
    }

    @Test(arguments: Trouble.allCases) func filmThatCannotBeDressed_staysBitForBit(trouble: Trouble) async throws {
        try await withScratch { scratch in
            let told = Told()
            let before = try await make(Self.mp4, in: scratch)
            let configuration = BackendConfiguration(ffmpeg: try ffmpeg(trouble, scratch))
            let made = try await finish(Self.mp4, before, in: scratch, told, configuration: configuration)
            #expect(made.map(\.name) == ["video.mp4"])
            #expect(try scratch.bytes("\(scratch.path)/video.mp4") == before)
            #expect(told.log.warnings.first?.hasPrefix("video.mp4 carries no recipe: ") == true)
            #expect(await told.records.all.isEmpty)
            // Pictures are another matter: they are taken, or there is nothing of them.
            let hasPictures = trouble == .losesSound
            #expect(made[0].poster == (hasPictures ? "poster.jpg" : nil))
            #expect(try names(scratch) == (hasPictures ? ["contact.jpg", "poster.jpg", "video.mp4"] : ["video.mp4"]))
        }
    }

    static let broken: [(name: String, bytes: [UInt8])] = [
        ("video.mp4", FakeRunPod.film), ("video.webm", [0x1A, 0x45, 0xDF, 0xA3] + [UInt8](repeating: 9, count: 900)),
        ("video.avi", Array("RIFF\u{1}\u{2}\u{3}\u{4}AVI LIST".utf8) + [UInt8](repeating: 9, count: 900)),
        ("video.gif", Array("GIF89a".utf8) + [UInt8](repeating: 9, count: 40)),
        ("video.bin", Array("no film at all".utf8)),
    ]

    @Test(arguments: broken.indices) func brokenFile_staysBitForBit(index: Int) async throws {
        try await withScratch { scratch in
            let (told, (name, bytes)) = (Told(), Self.broken[index])
            try Data(bytes).write(to: URL(filePath: "\(scratch.path)/\(name)"))
            let made = try await finish(Kind(name, .video, "-an"), Data(bytes), in: scratch, told)
            #expect(made.map(\.name) == [name] && made[0].poster == nil && made[0].contactSheet == nil)
            #expect(try scratch.bytes("\(scratch.path)/\(name)") == Data(bytes))
            #expect(try names(scratch) == [name])
            // One for the recipe, one for the pictures.
            #expect(told.log.warnings.count == 2, "\(told.log.warnings)")
            #expect(told.log.warnings.allSatisfy { $0.contains(name) })
        }
    }

    @Test func recipeBeyondTheLimit_leavesTheFileAlone() async throws {
        try await withScratch { scratch in
            let before = try await make(Self.mp4, in: scratch)
            let long = String(repeating: "x", count: Recipe.maximumBytes)
            let json = #"{"type":"RENDER","params":{"prompt":"x","extra":"\#(long)"}}"#
            let recipe = try #require(try scratch.request(json).recipe)
            let log = EventLog()
            let dresser = FilmDresser(BackendConfiguration(), scratch: scratch.path) { log.add($0) }
            #expect(try await dresser.embed(recipe, in: "video.mp4") == false)
            #expect(log.warnings.count == 1 && log.warnings[0].contains("the limit is 512 KiB"))
            #expect(try scratch.bytes("\(scratch.path)/video.mp4") == before && names(scratch) == ["video.mp4"])
        }
    }

    @Test func cancel_whileItIsDressed_givesTheFileItsNameBack() async throws {
        try await withScratch { scratch in
            let before = try await make(Self.mp4, in: scratch)
            let (program, begun) = ("\(scratch.root)/slow-ffmpeg", Gate())
            try Data("#!/bin/sh\nexec sleep 100000\n".utf8).write(to: URL(filePath: program))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
            let dresser = FilmDresser(BackendConfiguration(ffmpeg: program), scratch: scratch.path) { event in
                if case .startedProcessGroup = event { begun.open() }
            }
            let recipe = try recipe(scratch)
            let task = Task { try await dresser.embed(recipe, in: "video.mp4") }
            await begun.passed()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try scratch.bytes("\(scratch.path)/video.mp4") == before && names(scratch) == ["video.mp4"])
        }
    }
}
