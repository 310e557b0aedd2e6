import Testing

@testable import JobCore

/// Harmed caption files: whatever they hold, they are read or refused, and what is read keeps the track's promises.
@Suite("Caption files, harmed")
struct CaptionFuzzTests {
    private static let seeds: [CaptionFormat: String] = [
        .srt:
            "1\r\n00:00:01,000 --> 00:00:02,500\r\n"
            + "<i>Hello</i> &amp; {\\an8}you\r\n\r\n2\n00:00:03,000 --> 00:00:04,000\nw\n",
        .vtt:
            "WEBVTT\n\nNOTE x\n\nid\n00:01.000 --> 00:02.500 line:0\n"
            + "<v A>Hi</v> <b>there\n\n01:00:03.000 --> 01:00:04.000\nw\n",
        .ass: Captions.ass(
            "Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\fad(1,2)}Hello\\N{\\p1}m 0 0{\\p0}\nComment: 0,x\n",
            styles: "Style: Sign,Arial,30"),
    ]
    private static let pieces = [
        "-->", "\n\n", "\n", "\r", "00:00:05,000 --> 00:00:06,000", "<", ">", "{\\", "}", "\\N", "&#", ";", "\u{0}",
        "\u{202E}", "9999999999999999999", "-1", ":", ",", "[Events]\n", "[Fonts]\n", "Format: Text\n", "WEBVTT\n", "漢",
        "👩‍🚀",
        "Dialogue: ", "Style: ", "PlayResX: ", "{\\p1}", "{\\t(", "\u{FEFF}",
    ]

    @Test(arguments: CaptionFormat.allCases, 0..<4)
    func anyHarm_isReadOrRefused(format: CaptionFormat, batch: Int) throws {
        let source = Array(try #require(Self.seeds[format]).utf8)
        let size = try #require(FrameSize(width: 640, height: 360))
        let window = try #require(CaptionWindow(frames: 10..<60, framesPerSecond: 25))
        var readable = 0
        for round in 0..<150 {
            let seed = UInt64(batch * 1000 + round)
            var random = SeededRandom(seed)
            let bytes = harmed(source, &random)
            let track: CaptionTrack
            do throws(Failure) {
                track = try CaptionTrack.read(bytes, format: format)
            } catch {
                #expect(error.code == .invalidJob, "seed \(seed)")
                continue
            }
            readable += 1
            expectPromises(track, seed)
            let script = SubtitleScript(track, size: size, window: window)
            #expect((script != nil) == track.touches(window), "seed \(seed)")
            let lines = script?.bytes.split(separator: UInt8(ascii: "\n")).filter { $0.starts(with: "Dialogue:".utf8) }
            #expect((lines?.count ?? 0) == track.cues.filter(window.shows).count, "seed \(seed)")
            let soft = SubRip(track).bytes
            if !soft.isEmpty { _ = try CaptionTrack.read(soft, format: .srt) }
        }
        #expect(readable > 5, "too few survive to prove anything")
    }

    private func expectPromises(_ track: CaptionTrack, _ seed: UInt64) {
        #expect(track.cues.count <= CaptionTrack.cueLimit)
        for cue in track.cues {
            #expect(cue.start >= 0 && cue.start < cue.end && cue.end <= Cue.latestEnd && !cue.isBlank, "seed \(seed)")
            #expect(track.head != nil || cue.style == nil || cue.style == "top", "seed \(seed)")
        }
    }

    private func harmed(_ source: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = source
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, place + Int.random(in: 0...12, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random)?.utf8 ?? "".utf8, at: place)
            case 2: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
            case 3 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
            default: bytes.replaceSubrange(place..<end, with: Array(repeating: 0x20, count: end - place))
            }
        }
        return bytes
    }

    /// A reader that looks twice at what it has seen would take hours for these.
    @Test(arguments: ["<", "&", "{\\", "-->", "\n1", "[", "a: ", ",", "\u{FEFF}", "Dialogue: ", "Format: a,"])
    func oneMebibyteOfTheSame_isReadInOneGo(piece: String) throws {
        for format in CaptionFormat.allCases {
            let seed = Array(try #require(Self.seeds[format]).utf8)
            let count = (CaptionTrack.fileLimit - seed.count) / piece.utf8.count
            let bytes = seed + Array(String(repeating: piece, count: count).utf8)
            do throws(Failure) {
                expectPromises(try CaptionTrack.read(bytes, format: format), 0)
            } catch {
                #expect(error.code == .invalidJob)
            }
        }
    }
}
