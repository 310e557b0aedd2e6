import Foundation

/// A recorded text beside the tests.
public enum GoldenFile {
    /// What is recorded under a name; `KINOSPOOL_RECORD=1` records the text first.
    ///
    /// - Parameter file: the test target's own source file; the record lies in `Golden/` beside it.
    public static func recorded(_ name: String, for text: String, beside file: String) throws -> String {
        let path = URL(filePath: file).deletingLastPathComponent().appending(path: "Golden/\(name).txt")
        if ProcessInfo.processInfo.environment["KINOSPOOL_RECORD"] == "1" {
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: path)
        }
        return String(decoding: try Data(contentsOf: path), as: UTF8.self)
    }
}
