import Foundation
import JobCore
import Testing

@testable import Backends

@Suite("Pictures that are let in", .timeLimit(.minutes(10)))
struct ImageProbeTests {
    private let probe = ImageProbe(ffprobe: "ffprobe", runner: ProcessRunner())

    private func check(_ path: String, _ scratch: Scratch) async throws -> CheckedImage {
        try await probe.check(path, pointer: "/params/image", scratch: scratch.path) { _ in }
    }

    @Test(arguments: [
        ("png", ImageFormat.png), ("jpg", .jpeg), ("bmp", .bmp), ("gif", .gif), ("tiff", .tiff), ("webp", .webp),
    ])
    func check_ofAPictureUnderAForeignName_findsFormatAndSize(suffix: String, format: ImageFormat) async throws {
        try await withScratch { scratch in
            let path = scratch.root + "/picture." + suffix
            try await scratch.ffmpeg("-f", "lavfi", "-i", "testsrc=s=64x48", "-frames:v", "1", path)
            let renamed = scratch.inputs + "/letter.txt"
            try FileManager.default.moveItem(atPath: path, toPath: renamed)
            #expect(
                try await check(renamed, scratch) == CheckedImage(path: renamed, format: format, width: 64, height: 48))
        }
    }

    @Test(arguments: [
        "just text", "", "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "ffconcat version 1.0\nfile /etc/passwd\n",
        "<svg xmlns='http://www.w3.org/2000/svg'/>", "BMW is no bitmap, and long enough",
    ])
    func check_ofATextCalledPNG_isInvalid(text: String) async throws {
        try await withScratch { scratch in
            let path = scratch.inputs + "/a.png"
            try Data(text.utf8).write(to: URL(filePath: path))
            let failure = await failure { _ = try await check(path, scratch) }
            #expect(failure?.code == .invalidJob && failure?.message.hasPrefix("/params/image") == true)
        }
    }

    @Test func check_ofABrokenPicture_isInvalid() async throws {
        try await withScratch { scratch in
            let path = scratch.inputs + "/a.png"
            let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            try Data(signature + [1, 2, 3, 4, 5, 6, 7, 8, 9]).write(to: URL(filePath: path))
            #expect(await failure { _ = try await check(path, scratch) }?.code == .invalidJob)
        }
    }

    @Test func check_ofATooLargePicture_isInvalid() async throws {
        try await withScratch { scratch in
            let path = scratch.inputs + "/a.png"
            try await scratch.ffmpeg("-f", "lavfi", "-i", "color=s=8200x16", "-frames:v", "1", path)
            #expect(await failure { _ = try await check(path, scratch) }?.message.contains("8200x16") == true)
            let huge = scratch.inputs + "/huge.png"
            _ = FileManager.default.createFile(atPath: huge, contents: nil)
            truncate(huge, off_t(ImageProbe.largestFile + 1))
            #expect(await failure { _ = try await check(huge, scratch) }?.message.contains("bytes") == true)
        }
    }

    @Test func check_ofWhatIsNoFile_isInvalidAndNeverWaits() async throws {
        try await withScratch { scratch in
            let fifo = scratch.inputs + "/fifo.png"
            #expect(mkfifo(fifo, 0o600) == 0)
            for path in [fifo, scratch.inputs, scratch.inputs + "/none.png"] {
                #expect(await failure { _ = try await check(path, scratch) }?.code == .invalidJob)
            }
        }
    }
}
