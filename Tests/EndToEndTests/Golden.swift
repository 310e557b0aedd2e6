import TestSupport
import Testing

/// Compares text with a file beside the tests; `KINOSPOOL_RECORD=1` writes the file instead.
enum Golden {
    static func expect(_ text: String, equals name: String, _ location: SourceLocation = #_sourceLocation) throws {
        let recorded = try GoldenFile.recorded(name, for: text, beside: #filePath)
        #expect(
            text == recorded, "\(name) differs; look at it, then record with KINOSPOOL_RECORD=1",
            sourceLocation: location)
    }
}
