import Glibc
internal import JobCore
public import Spool
import Synchronization

/// A disk in memory that behaves like the real one, forgets at a power cut what was not synced, can die between any
/// two calls, and lets a test step in between any two calls.
///
/// Where the real call is several (making a file and writing its bytes), so is this one: a crash leaves an empty file.
public final class FakeDisk: FileSystem {
    /// What a dead process reads: no error that the product knows.
    public static let crashErrno: Int32 = 9_999

    private struct Core: Sendable {
        var state: FakeDiskState
        /// Who holds which file's lock: the lock's number, and the process that took it.
        var locks: [Int: (number: UInt64, process: Int)] = [:]
        /// In whose name the calls are made, and who was killed: a test that simulates several processes.
        var process = 0, killed: Set<Int> = []
        var gate: (@Sendable (String) -> Void)?
        var nextLock: UInt64 = 1
        var calls = 0, changes = 0
        /// Changes that still succeed; nil: no crash is planned.
        var remaining: Int?
        var isCrashed = false
        var intervention: (call: Int, action: @Sendable () -> Void)?
        var outside: [String: [UInt8]] = [:]
    }

    private let core: Mutex<Core>
    private let clock: ManualClock

    /// - Parameter state: what is on it; default nothing.
    public init(clock: ManualClock, state: FakeDiskState = FakeDiskState()) {
        self.clock = clock
        self.core = Mutex(Core(state: state))
    }

    /// What is on it now, to begin another test from.
    public var state: FakeDiskState { core.withLock { $0.state } }
    /// How many calls it has seen, reading ones too.
    public var calls: Int { core.withLock { $0.calls } }
    /// How many changes it has seen: the points at which it can crash.
    public var changes: Int { core.withLock { $0.changes } }
    /// True between a crash and the reboot.
    public var isCrashed: Bool { core.withLock { $0.isCrashed } }

    /// The process dies after so many further changes: the next one and every later call throw until `reboot`.
    public func crash(after count: Int) { core.withLock { $0.remaining = count } }

    /// Steps in once, right before the call with this number (see `calls`), on the caller's thread.
    public func intervene(beforeCall number: Int, _ action: @escaping @Sendable () -> Void) {
        core.withLock { $0.intervention = (number, action) }
    }

    /// From now on `gate` is told every call right before it, on the caller's thread; there it may wait for its turn.
    public func pass(through gate: (@Sendable (String) -> Void)?) { core.withLock { $0.gate = gate } }

    /// The calls that follow are made by this process.
    public func act(as process: Int) { core.withLock { $0.process = process } }

    /// Ends one process: its locks are free, and all its further calls throw.
    public func kill(_ process: Int) {
        core.withLock { core in
            core.killed.insert(process)
            core.locks = core.locks.filter { $0.value.process != process }
        }
    }

    /// Whether the process that acts now was killed, or the whole machine.
    public var isDead: Bool { core.withLock { $0.isCrashed || $0.killed.contains($0.process) } }

    /// Brings everything to the disk.
    public func syncAll() { core.withLock { $0.state.syncAll() } }

    /// A file outside the spool, for `copy(fromOutside:)`.
    public func putOutside(_ path: String, _ bytes: [UInt8]) { core.withLock { $0.outside[path] = bytes } }

    /// The process starts again: locks are free. - Parameter powerCut: also forget what was not synced.
    public func reboot(powerCut: Bool, seed: UInt64 = 0) {
        core.withLock { core in
            (core.isCrashed, core.remaining, core.locks, core.intervention) = (false, nil, [:], nil)
            (core.process, core.killed, core.gate) = (0, [], nil)
            var random = SeededRandom(seed)
            if powerCut { core.state.cutPower(&random) }
        }
    }

    /// One call: counted, perhaps the one before which a test steps in, perhaps the one at which the process dies.
    func perform<Answer: Sendable>(
        _ call: String, _ path: String, isChange: Bool = true,
        _ body: @Sendable (inout FakeDiskState) throws(FileError) -> Answer
    ) throws(FileError) -> Answer {
        let action = core.withLock { core -> (@Sendable () -> Void)? in
            core.calls += 1
            guard let due = core.intervention, due.call < core.calls else { return nil }
            core.intervention = nil
            return due.action
        }
        action?()
        if let gate = core.withLock({ $0.gate }) { gate(call) }
        let time = clock.now.milliseconds * 1_000_000
        let result = core.withLock { core -> Result<Answer, FileError> in
            guard !core.killed.contains(core.process) else { return .failure(FileError(Self.crashErrno, call, path)) }
            if isChange, !core.isCrashed {
                if core.remaining == 0 { core.isCrashed = true } else { core.changes += 1 }
                core.remaining = core.remaining.map { $0 - 1 }
            }
            guard !core.isCrashed else { return .failure(FileError(Self.crashErrno, call, path)) }
            core.state.time = time
            return Result { () throws(FileError) in try body(&core.state) }
        }
        return try result.get()
    }

    public func lock(_ path: String) throws(FileError) -> (any FileLock)? {
        let found = try perform("openat", path, isChange: false) { state throws(FileError) in
            try state.locate(path, "openat").inode
        }
        if found == nil {
            _ = try perform("openat", path) { state throws(FileError) in
                if try state.locate(path, "openat").inode == nil { _ = try state.add(path, .file, "openat") }
            }
        }
        let inode = try perform("flock", path, isChange: false) { state throws(FileError) in
            try state.existing(path, "flock").inode
        }
        let number = core.withLock { core -> UInt64? in
            guard core.locks[inode] == nil else { return nil }
            core.nextLock += 1
            core.locks[inode] = (core.nextLock, core.process)
            return core.nextLock
        }
        return number.map { FakeDiskLock(disk: self, inode: inode, number: $0, path: path) }
    }

    func unlock(_ inode: Int, _ number: UInt64) {
        core.withLock { core in
            if core.locks[inode]?.number == number { core.locks[inode] = nil }
        }
    }

    public func copy(fromOutside source: String, _ path: String) throws(FileError) {
        guard let bytes = core.withLock({ $0.outside[source] }) else { throw FileError(ENOENT, "openat", source) }
        try create(path, bytes)
    }

    public func digest(ofOutside source: String) throws(FileError) -> FileDigest {
        guard let bytes = core.withLock({ $0.outside[source] }) else { throw FileError(ENOENT, "openat", source) }
        return FileDigest(bytes: Int64(bytes.count), sha256: SHA256.hex(of: bytes))
    }
}
