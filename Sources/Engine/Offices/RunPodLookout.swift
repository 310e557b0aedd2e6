import Backends
import JobCore
import Spool
import Synchronization

/// Knows whether RunPod answered lately. It is asked only while somebody wants to know.
final class RunPodLookout: Sendable {
    /// An answer counts this long.
    static let freshness = Duration.seconds(60)

    private let probe: RunPodProbe?
    private let bell = Bell()
    private let last = Mutex<(isConnected: Bool, at: Duration?)>((false, nil))

    init(_ settings: RunPodSettings) {
        probe = RunPodProbe(settings)
        if probe != nil { bell.ring() }
    }

    /// What it knows, at once; asks RunPod anew where that is old.
    var isConnected: Bool {
        let (isConnected, at) = last.withLock { $0 }
        if probe != nil, at.map({ BootClock.now() - $0 > Self.freshness }) ?? true { bell.ring() }
        return isConnected
    }

    /// Works until `stop`.
    func run() async {
        guard let probe else { return }
        for await _ in bell.rings {
            let isConnected = await probe.isConnected()
            last.withLock { $0 = (isConnected, BootClock.now()) }
        }
    }

    func stop() { bell.stop() }
}
