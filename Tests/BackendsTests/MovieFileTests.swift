import Foundation
import JobCore
import TestSupport
import Testing

@testable import Backends

/// The own reader of MP4 indexes beside ffprobe: it says the same, or nothing.
@Suite("Movie files", .timeLimit(.minutes(10)))
struct MovieFileTests {
    /// A film that ffmpeg makes, and whether its index is of the everyday kind.
    struct Film: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let arguments: [String]
        var name = "film.mp4"
        let isRead: Bool

        /// - Parameter options: by words, behind picture and sound.
        init(_ title: String, _ input: String, _ options: String, name: String = "film.mp4", isRead: Bool = true) {
            testDescription = title
            arguments = (input + " " + options).split(separator: " ").map(String.init)
            (self.name, self.isRead) = (name, isRead)
        }
    }

    private static func picture(_ rate: String, _ seconds: Double = 2, size: String = "160x90") -> String {
        "-f lavfi -i testsrc2=s=\(size):r=\(rate):d=\(seconds)"
    }

    private static func both(_ rate: String, _ seconds: Double = 2, sound: Double = 2, hertz: Int = 48_000) -> String {
        picture(rate, seconds) + " -f lavfi -i sine=f=300:r=\(hertz):d=\(sound)"
    }

    private static let plain = "-c:v libx264 -preset veryfast -pix_fmt yuv420p -c:a aac"

    static let everyday: [Film] =
        ["16", "24", "25", "30", "60", "24000/1001", "30000/1001", "12.5"].map { rate in
            Film("\(rate) frames a second", both(rate), plain)
        }
        + ["ultrafast", "medium", "slower -bf 8", "veryfast -bf 0", "veryfast -g 5 -x264-params open-gop=1"].map {
            Film($0, both("24"), "-c:v libx264 -preset \($0) -pix_fmt yuv420p -c:a aac")
        }
        + [
            Film("index first", both("24"), plain + " -movflags +faststart"),
            Film("only pictures", picture("24"), plain),
            Film("only sound", "-f lavfi -i sine=d=2", "-c:a aac"),
            Film("44.1 kHz, mono", both("24", hertz: 44_100), plain + " -ac 1"),
            Film("96 kHz", both("24", hertz: 96_000), plain + " -ac 2"),
            Film("an odd length", both("24", 1.037, sound: 1.037), plain),
            Film("sound ends early", both("30000/1001", 2, sound: 1.3), plain),
            Film("sound ends late", both("25", 1.3, sound: 2), plain),
            Film("one frame", picture("24", 0.04), plain),
            Film("a clock of 90 kHz", both("24"), plain + " -video_track_timescale 90000"),
            Film("odd sides", picture("24", 1, size: "854x478") + " -f lavfi -i sine=d=1", plain),
            Film("baseline", both("24"), plain + " -profile:v baseline"),
            Film("colours named", both("24"), plain + " -colorspace bt709 -color_trc bt709 -color_primaries bt709"),
            Film("a comment", both("24"), plain + " -metadata comment=hello -metadata title=A"),
        ]

    /// What is left to ffprobe, or read just as well.
    static let others: [Film] = [
        Film("HEVC", both("24"), "-c:v libx265 -preset ultrafast -x265-params log-level=error -c:a aac", isRead: false),
        Film("MP3", both("24"), plain + " -c:a libmp3lame", isRead: false),
        Film("full colours", both("24"), "-c:v libx264 -pix_fmt yuv444p -c:a aac", isRead: false),
        Film("full range", both("24"), "-c:v libx264 -pix_fmt yuvj420p -c:a aac", isRead: false),
        Film("ten bits", both("24"), "-c:v libx264 -pix_fmt yuv420p10le -c:a aac", isRead: false),
        Film("pixels not square", both("24"), plain + " -vf setsar=4/3", isRead: false),
        Film("fragments", both("24"), plain + " -movflags frag_keyframe+empty_moov", isRead: false),
        Film("QuickTime", both("24"), plain, name: "film.mov", isRead: false),
        Film("frames of different lengths", both("24"), plain + " -vf setpts=N*N/400/TB -vsync vfr", isRead: false),
        Film("sound that begins late", picture("24") + " -itsoffset 0.5 -f lavfi -i sine=d=2", plain, isRead: false),
        Film("low rate of sound", both("24", hertz: 22_050), plain, isRead: false),
        Film("six channels", both("24"), plain + " -ac 6", isRead: false),
        Film("negative offsets", both("24"), plain + " -movflags negative_cts_offsets", isRead: false),
        Film("no edit list", both("24"), plain + " -use_editlist 0", isRead: false),
        Film("MPEG-4", both("24"), "-c:v mpeg4 -c:a aac", isRead: false),
        Film("Matroska", both("24"), plain, name: "film.mkv", isRead: false),
    ]

    private func compare(_ path: String, _ scratch: Scratch) async throws -> MovieIndex? {
        guard let index = MovieFile.index(of: path) else { return nil }
        func ask(_ arguments: [String]) async throws -> String {
            try await ProcessRunner().collect(ProcessCommand("ffprobe", arguments, in: scratch.root)) { _ in }.text
        }
        let input = ["-protocol_whitelist", "file", "-f", "mov", "-i", "file:\(path)"]
        let facts = SourceFacts(probe: try await ask(SourceFacts.probeArguments(opening: input)))
        #expect(SourceFacts(index) == facts)
        let report = ProbeReport(try await ask(ProbeReport.arguments(path: path)))
        #expect(ProbeReport(index) == report)
        return index
    }

    @Test(arguments: everyday + others)
    func index_saysWhatFFprobeSays(film: Film) async throws {
        try await withScratch { scratch in
            let path = "\(scratch.path)/\(film.name)"
            try await scratch.ffmpeg(film.arguments + [path])
            #expect((try await compare(path, scratch) != nil) == film.isRead)
        }
    }

    /// As phones write them: the index says how to turn the pictures.
    @Test(arguments: [90, 180, 270])
    func turnedFilm_isLeftToFFprobe(degrees: Int) async throws {
        try await withScratch { scratch in
            let (upright, turned) = ("\(scratch.path)/upright.mp4", "\(scratch.path)/turned.mp4")
            try await scratch.ffmpeg(Self.everyday[0].arguments + [upright])
            try await scratch.ffmpeg(["-i", upright, "-c", "copy", "-metadata:s:v:0", "rotate=\(degrees)", turned])
            #expect(MovieFile.index(of: upright) != nil && MovieFile.index(of: turned) == nil)
        }
    }

    /// What a hostile or broken file looks like, each from a seed.
    enum Harm: String, CaseIterable, Sendable {
        /// The end is missing; one byte is another; a size or a count lies; boxes stand in boxes.
        case cut, flip, lie, long, deep
    }

    /// Harmed files are read as ffprobe reads them, or not at all, and never crash.
    @Test(arguments: Harm.allCases)
    func harmedFile_isReadAsByFFprobe_orNotAtAll(harm: Harm) async throws {
        try await withScratch { scratch in
            let (whole, path) = ("\(scratch.path)/whole.mp4", "\(scratch.path)/harmed.mp4")
            try await scratch.ffmpeg(Self.everyday[0].arguments + ["-movflags", "+faststart", whole])
            let bytes = try Array(scratch.bytes(whole))
            let start = try #require(MovieBytes.content(of: "moov", in: bytes))
            var readCount = 0
            for seed in 0..<UInt64(2000) {
                var random = SeededRandom(seed)
                let harmed = MovieBytes.harmed(bytes, index: start, harm, &random)
                try Data(harmed).write(to: URL(filePath: path))
                guard MovieFile.index(of: path) != nil else { continue }
                readCount += 1
                // Each comparison starts ffprobe twice.
                if readCount <= 12 { _ = try await compare(path, scratch) }
            }
            // Most places of an index matter.
            #expect(readCount < 1200, "\(readCount)")
        }
    }

    @Test func anyBytes_areNoFilm() throws {
        var random = SeededRandom(7)
        let heads = ["moov", "trak", "mdia", "stbl", "stsd", "avcC", "ftyp", "mdat"]
        for _ in 0..<20_000 {
            var bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if let head = heads.randomElement(using: &random), bytes.count >= 8 {
                bytes.replaceSubrange(0..<8, with: MovieBytes.word(UInt32(bytes.count)) + head.utf8)
            }
            #expect(MovieIndex(bytes, media: [0..<200]) == nil)
        }
    }
}

/// Boxes of an MP4 file as bytes, for harming them.
enum MovieBytes {
    static func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

    /// Where the content of a box on the top lies.
    static func content(of name: String, in bytes: [UInt8]) -> Range<Int>? {
        var offset = 0
        while let head = BoxHead(bytes[offset..<min(offset + 16, bytes.count)]) {
            if head.name == name { return offset + head.length..<offset + head.size }
            offset += head.size
        }
        return nil
    }

    /// Places in the index where the letters of a box stand.
    private static func names(_ bytes: [UInt8], _ index: Range<Int>) -> [Int] {
        let names =
            ["mvhd", "trak", "tkhd", "elst", "mdia", "mdhd", "hdlr", "minf", "dinf", "dref", "stbl", "stsd", "avc1"]
            + ["avcC", "mp4a", "esds", "stts", "ctts", "stsc", "stsz", "stco"]
        return index.dropLast(8).filter { names.contains(String(decoding: bytes[$0..<$0 + 4], as: UTF8.self)) }
    }

    static func harmed(
        _ bytes: [UInt8], index: Range<Int>, _ harm: MovieFileTests.Harm, _ random: inout SeededRandom
    ) -> [UInt8] {
        var bytes = bytes
        switch harm {
        case .cut: return Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &random)))
        case .flip:
            let place = Int.random(in: index, using: &random)
            bytes[place] ^= UInt8.random(in: 1...255, using: &random)
        case .lie:
            let names = names(bytes, index)
            let lies: [UInt32] = [
                0, 1, 7, 8, 9, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, .random(in: 0...300, using: &random),
            ]
            guard let name = names.randomElement(using: &random), let lie = lies.randomElement(using: &random) else {
                break
            }
            // The size before the letters, or one of the numbers behind them.
            let place = name + ([-4, 4, 8, 12, 16, 20].randomElement(using: &random) ?? 4)
            bytes.replaceSubrange(place..<place + 4, with: word(lie))
        case .long:
            guard let name = names(bytes, index).randomElement(using: &random) else { break }
            // A size of 64 bits, which the box has no room for, or has.
            let size = word(.random(in: 0...1, using: &random)) + word(.random(in: 0...0xFFFF, using: &random))
            bytes.replaceSubrange(name - 4..<name, with: word(1))
            bytes.insert(contentsOf: size, at: name + 4)
        case .deep:
            let (depth, name) = (Int.random(in: 1...5000, using: &random), Array("trak".utf8))
            let nest = (0..<depth).flatMap { word(UInt32((depth - $0) * 8)) + name }
            bytes.insert(contentsOf: nest, at: index.upperBound)
            let size = UInt32(index.count + 8 + nest.count)
            bytes.replaceSubrange(index.lowerBound - 8..<index.lowerBound - 4, with: word(size))
        }
        return bytes
    }
}
