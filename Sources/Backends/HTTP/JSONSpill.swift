import JobCore
import Synchronization

/// Takes a JSON answer of any size apart while it comes in: long base64 texts go to files, decoded; the rest, small,
/// stays JSON with a placeholder where each stood.
///
/// Workers return films of hundreds of megabytes as base64 inside JSON. This needs about 200 KiB of memory for them,
/// whatever their number and size. What is base64 is told by the text itself, never by its key: a text longer than
/// `threshold` that so far has only base64 characters, after a `data:…;base64,` in front where there is one.
///
/// Invariants:
/// 1. A placeholder cannot be guessed by whoever wrote the answer.
/// 2. Other long texts stay as they are, up to `maximumDocument` bytes in all.
public final class JSONSpill: HTTPSink {
    /// A text that went to a file.
    public struct File: Sendable, Equatable {
        /// Absolute path.
        public let path: String
        /// Bytes after decoding.
        public let size: Int64
        /// 64 lower-case hexadecimal digits.
        public let sha256: String
    }

    /// Characters up to which a text stays in the document.
    public static let threshold = 64 * 1024

    private let state: Mutex<JSONSpillState>

    /// - Parameters:
    ///   - folder: absolute path of the folder for the files, which are named `spill-1`, `spill-2`, …
    ///   - maximumDocument: most bytes of what stays JSON; default 4 MiB.
    public init(folder: String, maximumDocument: Int = 4 << 20) {
        let nonce = String(UInt64.random(in: .min ... .max), radix: 36)
        state = Mutex(JSONSpillState(folder: folder, nonce: nonce, maximumDocument: maximumDocument))
    }

    public func begin(_ head: HTTPHead) throws(HTTPFailure) {}

    /// The next bytes of the JSON text, cut anywhere.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(HTTPFailure) {
        try state.withLock { state throws(HTTPFailure) in try state.add(bytes) }
    }

    /// The same for bytes that are at hand.
    public func write(_ bytes: [UInt8]) throws(HTTPFailure) {
        let result = bytes.withUnsafeBytes { buffer -> Result<Void, HTTPFailure> in
            do throws(HTTPFailure) { return .success(try write(buffer)) } catch { return .failure(error) }
        }
        try result.get()
    }

    /// What stays JSON. Texts that went to files are keys of `files`.
    public var document: [UInt8] { state.withLock { $0.document } }

    /// The files, by the placeholder that stands for each in the document.
    public var files: [String: File] { state.withLock { $0.files } }
}
