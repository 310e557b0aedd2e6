import Dispatch
import Glibc
import JobCore
import Synchronization

/// The least that the same work costs on this disk: plain system calls on four folders, without records, locks and
/// checks.
struct RawSpool: Sendable {
    let root: String
    private static let body = [UInt8](BenchJobs.document.bytes)
    /// Threads that call fsync side by side.
    private static let lanes = 8

    /// - Parameter root: an empty folder.
    init(_ root: String) throws {
        self.root = root
        for name in ["tmp", "queued", "running", "done"] {
            guard mkdir("\(root)/\(name)", 0o700) == 0 else { throw BenchProblem.call("mkdir", name) }
        }
    }

    /// One job into `queued/`. - Parameter isDurable: it survives a power cut when this returns.
    func submit(_ name: String, isDurable: Bool) throws {
        let file = try create("tmp/\(name)")
        defer { close(file) }
        try move(name, from: "tmp", to: "queued")
        guard !isDurable || fsync(file) == 0 else { throw BenchProblem.call("fsync", name) }
    }

    /// Several jobs with one wait for the disk.
    func submit(group names: [String], isDurable: Bool) throws {
        var open: [Int32] = []
        defer { for file in open { close(file) } }
        for name in names {
            open.append(try create("tmp/\(name)"))
            try move(name, from: "tmp", to: "queued")
        }
        if isDurable { try sync(open) }
    }

    /// The whole life of jobs that wait in `queued/`, in groups.
    func drain(_ names: [String], isDurable: Bool) throws {
        var rest = names[...]
        while !rest.isEmpty {
            var open: [Int32] = []
            defer { for file in open { close(file) } }
            let group = rest.prefix(128)
            rest = rest.dropFirst(group.count)
            for name in group {
                try move(name, from: "queued", to: "running")
                try read("running/\(name)")
                open.append(try create("tmp/\(name)"))
                try move(name, from: "tmp", to: "done")
                unlink("\(root)/running/\(name)")
            }
            if isDurable { try sync(open) }
        }
    }

    /// Lists a folder anywhere and reads every file in it. - Returns: how many.
    static func readAll(in folder: String, isReading: Bool) throws -> Int {
        guard let list = opendir(folder) else { throw BenchProblem.call("opendir", folder) }
        defer { closedir(list) }
        var count = 0
        while let entry = readdir(list) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard !name.hasPrefix(".") else { continue }
            count += 1
            if isReading { try read(absolute: "\(folder)/\(name)") }
        }
        return count
    }

    /// Lists a folder anywhere and looks at the times of every file in it. - Returns: how many.
    static func statAll(in folder: String) throws -> Int {
        guard let list = opendir(folder) else { throw BenchProblem.call("opendir", folder) }
        defer { closedir(list) }
        var (count, status) = (0, stat())
        while let entry = readdir(list) {
            let isThere = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { fstatat(dirfd(list), $0, &status, 0) }
            }
            guard isThere == 0 else { throw BenchProblem.call("stat", folder) }
            count += 1
        }
        return count
    }

    /// One rename.
    func move(_ name: String, from old: String, to new: String) throws {
        guard rename("\(root)/\(old)/\(name)", "\(root)/\(new)/\(name)") == 0 else {
            throw BenchProblem.call("rename", name)
        }
    }

    /// Reads a file to its end.
    func read(_ path: String) throws { try Self.read(absolute: "\(root)/\(path)") }

    private static func read(absolute path: String) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        let count = withUnsafeTemporaryAllocation(byteCount: 8192, alignment: 8) {
            Glibc.read(file, $0.baseAddress, $0.count)
        }
        guard file >= 0, count >= 0 else { throw BenchProblem.call("read", path) }
    }

    /// A new file, left open.
    func create(_ path: String) throws -> Int32 {
        let file = open("\(root)/\(path)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0, Glibc.write(file, Self.body, Self.body.count) == Self.body.count else {
            throw BenchProblem.call("write", path)
        }
        return file
    }

    /// Starts the writing of all, so that the first commit carries all, then waits for each.
    private func sync(_ files: [Int32]) throws {
        // What `sync_file_range(SYNC_FILE_RANGE_WRITE)` does, in POSIX words: mm/fadvise.c starts write-back first.
        for file in files { posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) }
        let isFailed = Atomic(false)
        DispatchQueue.concurrentPerform(iterations: min(files.count, Self.lanes)) { lane in
            for index in stride(from: lane, to: files.count, by: Self.lanes) where fsync(files[index]) != 0 {
                isFailed.store(true, ordering: .relaxed)
            }
        }
        if isFailed.load(ordering: .relaxed) { throw BenchProblem.call("fsync", root) }
    }
}
