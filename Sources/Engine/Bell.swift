import Dispatch
import JobCore
import Spool
import Synchronization

/// Wakes one loop, now or later. Rings that come while the loop is busy become one.
final class Bell: Sendable {
    /// To be iterated by the one loop that is woken.
    let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let alarm = Mutex<Duration?>(nil)

    init() {
        (rings, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    func ring() { continuation.yield() }

    /// Rings once after a while; of several alarms the earliest counts, and the loop sets the next one itself.
    func ring(after delay: Duration) {
        let moment = BootClock.now() + delay
        let isEarlier = alarm.withLock { alarm -> Bool in
            if let alarm, alarm <= moment, alarm > BootClock.now() { return false }
            alarm = moment
            return true
        }
        guard isEarlier else { return }
        let milliseconds = Int(clamping: max(delay.milliseconds, 1))
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [self] in
            alarm.withLock { if $0 == moment { $0 = nil } }
            ring()
        }
    }

    /// Ends the loop.
    func stop() { continuation.finish() }
}
