import Glibc
import JobCore
import Synchronization

/// The `.part` file of a download: what came so far, and by what the server tells whether it still is the same file.
///
/// Invariants:
/// 1. Bytes are only added to bytes of the same version: `If-Range` asks with the tag of the first answer, and a part
///    without a tag begins anew.
/// 2. The tag lies beside the part before any byte of its version does.
final class DownloadSink: HTTPSink {
    private struct State: ~Copyable {
        var file: SinkFile
        /// ETag or date of the version in the file.
        var tag: String?
        /// Bytes of the whole file, where the server said so.
        var total: Int64?
    }

    private let state: Mutex<State>
    private let path: String
    private let limit: Int64
    private let progress: @Sendable (Int64, Int64?) -> Void

    /// Opens what an earlier download left, or begins. Blocking.
    init(
        _ path: String, limit: Int64, progress: @escaping @Sendable (Int64, Int64?) -> Void
    ) throws(HTTPFailure) {
        (self.path, self.limit, self.progress) = (path, limit, progress)
        let tag = ScratchFile.read(path + ".tag", limit: 1024).map { String(decoding: $0, as: UTF8.self) }
        state = Mutex(State(file: try SinkFile(path, isKept: tag != nil), tag: tag, total: nil))
    }

    /// Bytes so far.
    var size: Int64 { state.withLock { $0.file.size } }
    /// Bytes in all, where the server said so.
    var total: Int64? { state.withLock { $0.total } }
    var checksum: String { state.withLock { $0.file.checksum } }

    /// The headers that ask for the rest; none to ask for all.
    var resuming: [HTTPHeaders.Field] {
        state.withLock { state in
            guard state.file.size > 0, let tag = state.tag else { return [] }
            return [.init("Range", "bytes=\(state.file.size)-"), .init("If-Range", tag)]
        }
    }

    /// Forgets all bytes.
    func restart() throws(HTTPFailure) { try state.withLock { state throws(HTTPFailure) in try state.file.empty() } }

    func begin(_ head: HTTPHead) throws(HTTPFailure) {
        try state.withLock { state throws(HTTPFailure) in
            if head.status == 206 {
                guard let (start, total) = Self.range(head), start == state.file.size else {
                    throw HTTPFailure(.wrongContent, .answered, "The server sent another range than was asked for.")
                }
                state.total = total
                return
            }
            try state.file.empty()
            state.total = head.contentLength
            state.tag = Self.tag(head)
            do throws(Failure) {
                if let tag = state.tag {
                    try ScratchFile.write(Array(tag.utf8), to: path + ".tag")
                } else {
                    ScratchFile.removeBestEffort(path + ".tag")
                }
            } catch {
                throw HTTPFailure(error.code == .diskFull ? .diskFull : .file, .answered, error.message)
            }
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(HTTPFailure) {
        let (size, total) = try state.withLock { state throws(HTTPFailure) in
            guard state.file.size + Int64(bytes.count) <= limit else {
                throw HTTPFailure(.tooLarge, .answered, "The file is larger than \(limit) bytes.")
            }
            try state.file.append(bytes)
            return (state.file.size, state.total)
        }
        progress(size, total)
    }

    /// A strong ETag, else the date of change: weak tags promise no equal bytes (RFC 9110, 13.1.5).
    private static func tag(_ head: HTTPHead) -> String? {
        if let tag = head.headers["ETag"], !tag.hasPrefix("W/"), tag.utf8.count <= 512 { return tag }
        return head.headers["Last-Modified"].flatMap { $0.utf8.count <= 64 ? $0 : nil }
    }

    /// `bytes 5-9/10`: the first byte and the size of the whole, nil for `*`.
    private static func range(_ head: HTTPHead) -> (start: Int64, total: Int64?)? {
        guard let text = head.headers["Content-Range"], text.lowercased().hasPrefix("bytes ") else { return nil }
        let parts = text.dropFirst("bytes ".count).split(separator: "/")
        guard parts.count == 2, let dash = parts[0].firstIndex(of: "-"), let start = Int64(parts[0][..<dash]) else {
            return nil
        }
        return (start, Int64(parts[1]))
    }
}
