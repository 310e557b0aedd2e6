/// So many may play at the same time, the others wait in line: the kernel gives a user 128 inotify instances, and a
/// crowd of daemons on two cores would only measure the crowd.
actor Places {
    static let shared = Places(6)

    private var free: Int
    private var line: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func take() async {
        if free > 0 { free -= 1 } else { await withCheckedContinuation { line.append($0) } }
    }

    func giveBack() {
        if line.isEmpty { free += 1 } else { line.removeFirst().resume() }
    }
}
