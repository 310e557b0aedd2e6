import Foundation
import Testing

/// Compares text with a file beside the tests; `KINOSPOOL_RECORD=1` writes the file instead.
enum Golden {
    static func expect(_ text: String, equals name: String, _ location: SourceLocation = #_sourceLocation) throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).txt")
        if ProcessInfo.processInfo.environment["KINOSPOOL_RECORD"] == "1" {
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: path)
        }
        let recorded = String(decoding: try Data(contentsOf: path), as: UTF8.self)
        #expect(
            text == recorded, "\(name) differs; look at it, then record with KINOSPOOL_RECORD=1",
            sourceLocation: location)
    }
}
