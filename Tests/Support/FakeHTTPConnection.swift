import Glibc

/// One connection of the fake server, on a thread of its own.
struct FakeHTTPConnection {
    private let socket: Int32
    /// `POLLRDHUP` of poll(2), which Glibc does not show.
    private static let peerHasClosed: Int16 = 0x2000

    private let number: Int
    private let stopping: Gate

    init(_ socket: Int32, number: Int, stopping: Gate) {
        (self.socket, self.number, self.stopping) = (socket, number, stopping)
    }

    /// Reads requests and carries out replies until one side ends it.
    func serve(_ welcome: FakeHTTPServer.Welcome, _ answer: (FakeHTTPRequest) -> FakeHTTPReply) {
        var isOpen = true
        defer { if isOpen { close(socket) } }
        var yes: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        var input: [UInt8] = []
        switch welcome {
        case .serve: break
        case .hang: return waitUntilGone()
        case .reset:
            isOpen = false
            return reset()
        case .resetAfter(let bytes):
            while input.count < bytes, let more = receive() { input += more }
            isOpen = false
            return reset()
        }
        while let request = next(&input) {
            for step in answer(request).steps {
                guard carryOut(step) else {
                    if case .reset = step { isOpen = false }
                    return
                }
            }
            if request["Connection"]?.lowercased() == "close" { return }
        }
    }

    /// False when the connection is over.
    private func carryOut(_ step: FakeHTTPReply.Step) -> Bool {
        switch step {
        case .send(let bytes): return send(bytes)
        case .drip(let bytes, let piece):
            for start in stride(from: 0, to: bytes.count, by: piece) {
                guard send(Array(bytes[start..<min(start + piece, bytes.count)])) else { return false }
            }
            return true
        case .wait(let gate): return wait(for: gate)
        case .hang:
            waitUntilGone()
            return false
        case .close: return false
        case .reset:
            reset()
            return false
        }
    }

    private func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        close(socket)
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        var position = 0
        while position < bytes.count {
            guard FakeHTTPServer.isReady(socket, POLLOUT, stopping) else { return false }
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    socket, $0.baseAddress?.advanced(by: position), $0.count - position,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return false }
            position += count
        }
        return true
    }

    /// The next bytes, nil at the end.
    private func receive() -> [UInt8]? {
        guard FakeHTTPServer.isReady(socket, POLLIN, stopping) else { return nil }
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = read(socket, &buffer, buffer.count)
        return count > 0 ? Array(buffer.prefix(count)) : nil
    }

    private func waitUntilGone() {
        while receive() != nil {}
    }

    private func wait(for gate: Gate) -> Bool {
        while true {
            var polls = [
                pollfd(fd: gate.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: stopping.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: socket, events: Self.peerHasClosed, revents: 0),
            ]
            if poll(&polls, 3, -1) < 0, errno == EINTR { continue }
            return polls[0].revents != 0
        }
    }

    // MARK: - Requests

    private func next(_ input: inout [UInt8]) -> FakeHTTPRequest? {
        let blank = Array("\r\n\r\n".utf8)
        var end = Self.position(of: blank, in: input, from: 0)
        while end == nil {
            let seen = max(0, input.count - 3)
            guard let more = receive() else { return nil }
            input += more
            end = Self.position(of: blank, in: input, from: seen)
        }
        guard let end else { return nil }
        let lines = String(decoding: input[..<end], as: UTF8.self).split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count == 3 else { return nil }
        let headers = lines.dropFirst().map { line -> (name: String, value: String) in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
            return (String(parts[0]), String(value))
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        let start = end + blank.count
        input.reserveCapacity(start + length)
        while input.count < start + length {
            guard let more = receive() else { return nil }
            input += more
        }
        let body = Array(input[start..<start + length])
        input.removeFirst(start + length)
        return FakeHTTPRequest(
            number: 0, connection: number, method: String(words[0]), target: String(words[1]), headers: headers,
            body: body)
    }

    private static func position(of pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= pattern.count else { return nil }
        return (start...bytes.count - pattern.count).first { bytes[$0..<$0 + pattern.count].elementsEqual(pattern) }
    }
}
