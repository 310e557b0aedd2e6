import Glibc

/// Tells systemd how the daemon stands (sd_notify(3)); nobody else asks, and nothing depends on it.
struct ServiceNotifier: Sendable {
    private let address: String
    /// How often systemd wants to hear that all is well; nil: never.
    let interval: Duration?

    /// - Parameter environment: of the process. Nil where systemd did not start it.
    init?(environment: [String: String]) {
        guard let address = environment["NOTIFY_SOCKET"], address.hasPrefix("/") || address.hasPrefix("@"),
            address.utf8.count < Self.longestAddress
        else { return nil }
        self.address = address
        let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        let time = environment["WATCHDOG_USEC"].flatMap { Int64($0) }.map { Duration.microseconds($0) }
        // Half of what systemd waits, as it recommends.
        interval = isForUs ? time.flatMap { $0 > .zero ? $0 / 2 : nil } : nil
    }

    /// unix(7): `sun_path` has 108 bytes.
    private static let longestAddress = 108

    /// Work has begun.
    func tellReady() { send("READY=1\nSTATUS=Working.") }

    /// All offices answer.
    func tellAlive() { send("WATCHDOG=1") }

    /// Work ends in order.
    func tellStopping() { send("STOPPING=1\nSTATUS=Stopping: what runs goes back to the queue.") }

    private func send(_ text: String) {
        let socket = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return }
        defer { close(socket) }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(address.utf8)
        withUnsafeMutableBytes(of: &name.sun_path) { path in
            path.copyBytes(from: bytes)
            // An abstract name begins with a zero byte.
            if bytes.first == UInt8(ascii: "@") { path[0] = 0 }
        }
        let length = MemoryLayout<sa_family_t>.size + bytes.count
        let message = Array(text.utf8)
        withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = sendto(socket, message, message.count, Int32(MSG_NOSIGNAL), address, socklen_t(length))
            }
        }
    }
}
