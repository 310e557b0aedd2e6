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

    /// A full pipe means that a wake is under way already.
    func wake() {
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }

    func drain() {
        var buffer = [UInt8](repeating: 0, count: 64)
        while read(readEnd, &buffer, buffer.count) > 0 {}
    }

    /// Sleeps until woken, until `other` can be read, or until the time is over.
    ///
    /// - Parameter milliseconds: -1 for ever.
    func wait(alsoFor other: Int32? = nil, milliseconds: Int32) {
        var descriptors = [pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)]
        if let other { descriptors.append(pollfd(fd: other, events: Int16(POLLIN), revents: 0)) }
        let count = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        if count > 0, descriptors[0].revents != 0 { drain() }
    }
}
