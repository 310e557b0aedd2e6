import Foundation
import TestSupport

/// Lets several processes act on one disk, one at a time, and draws before every call who makes the next: the same
/// seed, the same order of all calls.
final class Turnstile: @unchecked Sendable {  // all that varies is touched only by whoever has the turn
    private let disk: FakeDisk
    private let gates: [Gate]
    private let isOver = Gate()
    private var random: SeededRandom
    /// In sixteenths: how often the one that acts goes on.
    private let persistence: Int
    private var alive: [Int]
    private var turn = 0
    private var callsLeft: [Int: Int]
    /// Told of the call that was made last, before the next one.
    private let watch: @Sendable (String) -> Void
    private var last = ""

    /// - Parameter deaths: how many calls a process makes before it is killed; nil for those that live.
    init(
        _ disk: FakeDisk, count: Int, seed: UInt64, persistence: Int, deaths: [Int: Int],
        watch: @escaping @Sendable (String) -> Void
    ) {
        (self.disk, self.persistence, self.callsLeft, self.watch) = (disk, persistence, deaths, watch)
        gates = (0..<count).map { _ in Gate() }
        alive = Array(0..<count)
        random = SeededRandom(seed)
    }

    /// Runs all processes, each on a thread of its own, to their ends.
    func run(_ processes: [@Sendable () -> Void]) {
        guard !processes.isEmpty else { return }
        disk.pass { [self] call in step(call) }
        for (number, process) in processes.enumerated() {
            let thread = Thread { [self] in
                gates[number].pass()
                process()
                leave(number)
            }
            thread.start()
        }
        hand(to: alive.randomElement(using: &random) ?? 0)
        isOver.pass()
        disk.pass(through: nil)
        watch(last)
    }

    private func step(_ call: String) {
        // The dead change nothing any more: they unwind without a turn.
        if disk.isDead { return }
        watch(last)
        last = call
        let me = turn
        if alive.count > 1, Int.random(in: 0..<16, using: &random) >= persistence {
            let next = alive.randomElement(using: &random) ?? me
            if next != me {
                hand(to: next)
                gates[me].pass()
            }
        }
        if let left = callsLeft[me] {
            if left == 0 { disk.kill(me + 1) }
            callsLeft[me] = left - 1
        }
    }

    private func leave(_ me: Int) {
        alive.removeAll { $0 == me }
        guard let next = alive.randomElement(using: &random) else { return isOver.open() }
        hand(to: next)
    }

    private func hand(to next: Int) {
        turn = next
        disk.act(as: next + 1)
        gates[next].open()
    }
}
