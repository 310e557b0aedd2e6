internal import CLinux
import Glibc
import Synchronization

/// Wakes a thread that sleeps in poll(2).
final class WakePipe: Sendable {
    let readEnd: Int32
    private let writeEnd: Int32

    init() throws(FileError) {
        var ends: [Int32] = [0, 0]
        let result = sp_pipe(&ends)
        guard result == 0 else { throw FileError(-result, "pipe2", "") }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// A full pipe means that a wake is under way already. Any other failure is tried again: a wake that is lost leaves
    /// its thread asleep for ever.
    func wake() {
        var byte: UInt8 = 1
        for _ in 0..<100 {
            if write(writeEnd, &byte, 1) == 1 || errno == EAGAIN { return }
        }
    }

    func drain() {
        var buffer = [UInt8](repeating: 0, count: 64)
        while read(readEnd, &buffer, buffer.count) == buffer.count {}
    }

    /// Sleeps until woken, until `other` can be read, or until the time is over.
    ///
    /// - Parameter milliseconds: -1 for ever.
    /// - Returns: whether `other` can be read.
    @discardableResult
    func wait(alsoFor other: Int32? = nil, milliseconds: Int32) -> Bool {
        // A negative descriptor is left out by poll(2).
        var ends = (
            pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other ?? -1, events: Int16(POLLIN), revents: 0)
        )
        let count = withUnsafeMutableBytes(of: &ends) { raw in
            raw.withMemoryRebound(to: pollfd.self) { poll($0.baseAddress, 2, milliseconds) }
        }
        if count > 0, ends.0.revents != 0 { drain() }
        return count > 0 && ends.1.revents != 0
    }
}
