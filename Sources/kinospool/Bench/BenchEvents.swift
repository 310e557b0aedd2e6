import Glibc

/// Names that appear in one folder. Source: inotify(7).
final class BenchEvents {
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    /// Events were lost: what was counted is too little.
    private(set) var isOverrun = false

    /// - Parameter folder: an absolute path.
    init(_ folder: String) throws {
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard descriptor >= 0, inotify_add_watch(descriptor, folder, UInt32(IN_MOVED_TO) | UInt32(IN_CREATE)) >= 0
        else {
            throw BenchProblem.call("inotify_add_watch", folder)
        }
    }

    deinit { close(descriptor) }

    /// How many names appeared since the last look.
    func drain() -> Int {
        var count = 0
        while true {
            let filled = read(descriptor, &buffer, buffer.count)
            guard filled > 0 else { return count }
            var offset = 0
            while offset + MemoryLayout<inotify_event>.size <= filled {
                let event = buffer.withUnsafeBytes {
                    $0.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                }
                if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { isOverrun = true } else { count += 1 }
                offset += MemoryLayout<inotify_event>.size + Int(event.len)
            }
        }
    }

    /// Sleeps until a name appears. - Returns: false when the time is over.
    func wait(milliseconds: Int) -> Bool {
        var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&question, 1, Int32(milliseconds)) > 0
    }
}
