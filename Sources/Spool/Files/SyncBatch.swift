internal import CLinux
import Dispatch
import Glibc
import Synchronization

/// Brings several files to the disk at once: side by side the journal commits once for many of them (facts: group
/// commit), where one after the other each would wait for a commit of its own.
struct SyncBatch: ~Copyable {
    /// More bring nothing (measured: 8 and 16 lanes are alike within a fifth).
    private static let laneCount = 8
    private static let lanes = ThreadPool(name: "sync", limit: laneCount)

    private let paths: [String]
    private let files: [Result<Int32, FileError>]

    /// Opens the files and asks the kernel to start writing them, so that the first commit may carry all.
    init(_ paths: ArraySlice<String>, in folder: Int32) {
        self.paths = Array(paths)
        files = paths.map { path in
            Result { () throws(FileError) in
                let number = try Descriptor(at: folder, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).take()
                // A hint: where it fails, or the file is a folder, fsync does all the work.
                _ = sp_start_writing(number)
                return number
            }
        }
    }

    deinit {
        for case .success(let number) in files { close(number) }
    }

    /// Waits until all are on the disk. - Returns: nil or the error for each, in order.
    borrowing func run() -> [FileError?] {
        let (files, paths) = (files, paths)
        let results = Mutex<[FileError?]>(Array(repeating: nil, count: files.count))
        let next = Atomic(0)
        let group = DispatchGroup()
        let work: @Sendable () -> Void = {
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < files.count else { return }
                let error: FileError? =
                    switch files[index] {
                    case .failure(let error): error
                    case .success(let number): fsync(number) == 0 ? nil : FileError(errno, "fsync", paths[index])
                    }
                if let error { results.withLock { $0[index] = error } }
            }
        }
        for _ in 1..<min(Self.laneCount, files.count) {
            group.enter()
            Self.lanes.run {
                work()
                group.leave()
            }
        }
        work()
        group.wait()
        return results.withLock { $0 }
    }
}
