import Foundation

/// A small film that plays, made once by ffmpeg.
public enum RealFilm {
    private static let made: Result<[UInt8], any Error> = Result {
        let path = NSTemporaryDirectory() + "kinospool-film-\(UUID().uuidString).mp4"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=8:d=1", "-pix_fmt",
            "yuv420p", "-movflags", "+faststart", path,
        ]
        try process.run()
        process.waitUntilExit()
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    /// The bytes of an mp4 of one second.
    public static func bytes() throws -> [UInt8] { try made.get() }
}
