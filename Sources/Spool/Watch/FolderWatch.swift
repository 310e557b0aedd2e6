import Glibc
import JobCore
import Synchronization

/// Listens to the spool's folders by inotify(7), on one descriptor, and on a thread of its own or one it shares.
///
/// It is a hint only: an event means "look at this name again", never more (an exchange is reported as moved in, then
/// moved out, of a name that is still there). Lost events, moved folders and foreign file systems end in a rescan.
public final class FolderWatch: Sendable {
    /// Rings after hints came in; then ask `drain`.
    public let signals: AsyncStream<Void>

    private let ring: AsyncStream<Void>.Continuation
    private let root: String
    private let descriptor: Int32
    private let pipe: WakePipe
    /// Nil where it has a thread of its own.
    private let thread: OfficeThread?
    private let folders: [String]
    private let state = Mutex(State())

    private struct State: Sendable {
        var hints = WatchHints()
        var watches: [Int32: String] = [:]
        /// Folders that came later, each until it is gone: day folders.
        var added: Set<String> = []
        var isStopped = false
    }

    private static let mask = UInt32(
        IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF
            | IN_ONLYDIR | IN_EXCL_UNLINK)
    /// Nobody is surprised by a day folder that goes, and its files are not looked at for their times.
    private static let dayMask = mask & ~UInt32(IN_ATTRIB | IN_DELETE_SELF)

    /// Starts listening.
    ///
    /// - Parameters:
    ///   - root: absolute path of the spool.
    ///   - folders: relative to it.
    ///   - thread: the thread that listens until `stop`; nil for one of its own.
    /// - Throws: `EMFILE` when the user has no inotify instance left, `ENOSPC` when no watch; the caller then rescans
    ///   by time.
    public init(root: String, folders: [String], on thread: OfficeThread? = nil) throws(FileError) {
        (self.root, self.folders, self.thread) = (root, folders, thread)
        (signals, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        pipe = try WakePipe()
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard descriptor >= 0 else { throw FileError(errno, "inotify_init1", "") }
        if let error = addWatches() { throw error }
        if let thread {
            thread.listen(to: descriptor) { [self] in read() }
        } else {
            try SystemThread.start("folder-watch") { [self] in run() }
        }
    }

    // Neither thread can still be asleep on it: each keeps this object as long as it listens.
    deinit { close(descriptor) }

    /// Takes what came in since the last call.
    public func drain() -> WatchHints {
        state.withLock { state in
            let hints = state.hints
            state.hints = WatchHints()
            return hints
        }
    }

    /// Ends the thread and the stream of signals.
    public func stop() {
        state.withLock { $0.isStopped = true }
        thread?.stopListening()
        pipe.wake()
        ring.finish()
    }

    /// - Returns: why a folder that is there cannot be listened to.
    private func addWatches() -> FileError? {
        var failure: FileError?
        for folder in folders {
            // A change of the modification time alone (`touch -m`: another start time) is told as a write.
            let mask = folder == SpoolLayout.queued ? Self.mask | UInt32(IN_MODIFY) : Self.mask
            let watch = inotify_add_watch(descriptor, "\(root)/\(folder)", mask)
            // A folder that is missing right now is made again by the rescan, which then listens anew.
            if watch >= 0 {
                state.withLock { $0.watches[watch] = folder }
            } else if errno != ENOENT {
                failure = FileError(errno, "inotify_add_watch", folder)
            }
        }
        return failure
    }

    /// Listens to all folders again, for example after one was made anew.
    public func renew() {
        _ = addWatches()
        for folder in state.withLock({ $0.added }) { _ = add(folder) }
    }

    /// Listens to a day folder, too; again is harmless.
    ///
    /// - Returns: false when it is not there, or the user has no watch left: then what happens there is noticed later.
    @discardableResult
    public func add(_ folder: String) -> Bool {
        let watch = inotify_add_watch(descriptor, "\(root)/\(folder)", Self.dayMask)
        state.withLock { state in
            if watch >= 0 { state.watches[watch] = folder }
            if watch >= 0 { state.added.insert(folder) } else { state.added.remove(folder) }
        }
        return watch >= 0
    }

    private func run() {
        while !state.withLock({ $0.isStopped }) {
            if pipe.wait(alsoFor: descriptor, milliseconds: -1) { read() }
        }
    }

    /// Takes all that has come in; does not block.
    private func read() {
        withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 8) { buffer in
            while true {
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                guard count > 0 else { return }
                let events = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                state.withLock { parse(events, into: &$0) }
                ring.yield()
                // Less than fits was all there was; what comes meanwhile wakes again.
                if count < buffer.count / 2 { return }
            }
        }
    }

    /// struct inotify_event: watch 4, mask 4, cookie 4, length 4, name padded with NULs.
    private func parse(_ bytes: UnsafeRawBufferPointer, into state: inout State) {
        func word(_ at: Int) -> UInt32 { bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self) }
        var start = bytes.startIndex
        while start + 16 <= bytes.endIndex {
            let (watch, mask) = (Int32(bitPattern: word(start)), word(start + 4))
            let end = start + 16 + Int(word(start + 12))
            guard end <= bytes.endIndex else { return }
            let name = String(decoding: bytes[(start + 16)..<end].prefix { $0 != 0 }, as: UTF8.self)
            start = end
            let folder = state.watches[watch]
            // The last word of a watch that was given up.
            if folder == nil, mask & UInt32(IN_IGNORED) != 0 { continue }
            if mask & UInt32(IN_Q_OVERFLOW | IN_MOVE_SELF | IN_DELETE_SELF | IN_IGNORED | IN_UNMOUNT) != 0 {
                if mask & UInt32(IN_IGNORED) != 0 { state.watches[watch] = nil }
                guard let folder, state.added.contains(folder) else {
                    state.hints.loseEvents()
                    continue
                }
                forget(watch, folder, mask, &state)
            } else if let folder, !name.isEmpty {
                state.hints.add(Self.change(mask), name, in: folder)
            }
        }
    }

    /// A day folder was removed, or moved to where it is none of ours: what happens in it there means nothing here.
    private func forget(_ watch: Int32, _ folder: String, _ mask: UInt32, _ state: inout State) {
        state.added.remove(folder)
        state.watches[watch] = nil
        if mask & UInt32(IN_MOVE_SELF) != 0 { inotify_rm_watch(descriptor, watch) }
    }

    private static func change(_ mask: UInt32) -> WatchHints.Change {
        var change: WatchHints.Change = []
        if mask & UInt32(IN_CREATE) != 0 { change.formUnion(.appeared) }
        if mask & UInt32(IN_MOVED_TO) != 0 { change.formUnion([.appeared, .closed]) }
        if mask & UInt32(IN_CLOSE_WRITE) != 0 { change.formUnion(.closed) }
        if mask & UInt32(IN_MOVED_FROM) != 0 { change.formUnion(.left) }
        if mask & UInt32(IN_DELETE) != 0 { change.formUnion(.deleted) }
        if mask & UInt32(IN_ATTRIB | IN_MODIFY) != 0 { change.formUnion(.touched) }
        return change
    }
}
