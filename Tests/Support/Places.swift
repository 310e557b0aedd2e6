/// So many tests may play at the same time, the others wait in line: a crowd on two cores would only measure the crowd.
public actor Places {
    private var free: Int
    private var line: [CheckedContinuation<Void, Never>] = []

    public init(_ count: Int) { free = count }

    public func take() async {
        if free > 0 { free -= 1 } else { await withCheckedContinuation { line.append($0) } }
    }

    public func giveBack() {
        if line.isEmpty { free += 1 } else { line.removeFirst().resume() }
    }
}
