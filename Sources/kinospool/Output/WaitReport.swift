import JobCore

/// Shows how awaited jobs get on: bars on a terminal, a line for each change elsewhere, events with `--json`.
struct WaitReport {
    let console: Console
    let policy: Policy
    private let storage: StorageAccess?
    private var board: ProgressBoard
    private var shown: [JobID: (state: JobState?, progress: Int, at: Timestamp)] = [:]

    /// The least time between two events of one job that has not ended, in milliseconds.
    static let eventDistance: Int64 = 500
    /// The least step of progress that is worth a line.
    static let lineStep = 25

    init(console: Console, policy: Policy, storage: StorageAccess?) {
        (self.console, self.policy, self.storage) = (console, policy, storage)
        board = ProgressBoard(terminal: console.errors)
    }

    /// Tells what is new.
    mutating func update(_ sights: [JobWatch.Sight], now: Timestamp) {
        if console.showsBars {
            console.draw(board.frame(sights, now: now, policy: policy))
            return
        }
        for sight in sights {
            guard let view = sight.view else { continue }
            let last = shown[sight.id]
            guard last?.state != view.state || (last?.progress ?? 0) != view.progress else { continue }
            if console.isJSON { event(view, last?.at, now) } else { line(view, last, now) }
        }
    }

    private mutating func event(_ view: JobView, _ last: Timestamp?, _ now: Timestamp) {
        if let last, !view.state.isFinal, now.milliseconds - last.milliseconds < Self.eventDistance { return }
        var fields = view.json(at: now, policy: policy, storage: storage).object ?? [:]
        fields["event"] = .string(view.state.isFinal ? "end" : "progress")
        fields["at"] = .string(now.text)
        console.data(.object(fields))
        shown[view.id] = (view.state, view.progress, now)
    }

    private mutating func line(
        _ view: JobView, _ last: (state: JobState?, progress: Int, at: Timestamp)?, _ now: Timestamp
    ) {
        let isSmallStep = view.progress - (last?.progress ?? 0) < Self.lineStep
        if last?.state == view.state, isSmallStep { return }
        let detail: String =
            switch view.state {
            case .running: " \(view.progress) %"
            case .failed: " \(view.error?.code.rawValue ?? "")"
            case .queued, .done, .canceled: ""
            }
        console.note("\(ClockText.text(now, now: now)) \(JobLabel.text(view.id)) \(view.state.rawValue)\(detail)")
        shown[view.id] = (view.state, view.progress, now)
    }
}
