import JobCore

/// A few lines at the bottom of a terminal that are drawn again and again.
struct ProgressBoard {
    let terminal: Terminal
    private var drawnLines = 0
    private var lastFrame = ""

    init(terminal: Terminal) { self.terminal = terminal }

    /// The characters that bring the terminal up to date; none when nothing changed.
    mutating func frame(_ sights: [JobWatch.Sight], now: Timestamp, policy: Policy) -> String {
        let room = max(1, terminal.height - 2)
        // What still moves comes first when not everything fits.
        let active = sights.filter { !$0.isOver }
        let chosen = sights.count <= room ? sights : Array((active + sights.filter(\.isOver)).prefix(room))
        var lines = chosen.map { line($0, now, policy) }
        if sights.count > chosen.count { lines.append("and \(sights.count - chosen.count) more") }
        let text = lines.map { "\($0)\u{1B}[K\n" }.joined()
        guard text != lastFrame else { return "" }
        let up = drawnLines > 0 ? "\u{1B}[\(drawnLines)A\r" : ""
        (drawnLines, lastFrame) = (lines.count, text)
        return up + text + "\u{1B}[J"
    }

    private func line(_ sight: JobWatch.Sight, _ now: Timestamp, _ policy: Policy) -> String {
        let label = TerminalText.padded(
            TerminalText.truncated(JobLabel.text(sight.id), to: 20, isUnicode: terminal.isUnicode), to: 8)
        guard let view = sight.view else { return "\(label)  \(sight.isGone ? "gone" : "")" }
        let state = StateText.colored(view.state, width: 8, terminal)
        let rest: String
        switch view.state {
        case .running where view.statusHint(at: now, policy: policy) != nil: rest = "warming GPU  \(span(view, now))"
        case .running, .done:
            rest = Bar.text(percent: view.progress, width: 28, isUnicode: terminal.isUnicode) + "  \(span(view, now))"
        case .failed: rest = view.error?.code.rawValue ?? ""
        case .queued: rest = view.statusMessage(at: now, policy: policy)
        case .canceled: rest = ""
        }
        let left = terminal.width - TerminalText.width(label) - 8 - 5
        return "\(label)  \(state)  \(TerminalText.truncated(rest, to: max(8, left), isUnicode: terminal.isUnicode))"
    }

    private func span(_ view: JobView, _ now: Timestamp) -> String {
        guard let start = view.startedAt else { return "" }
        return ClockText.span(milliseconds: (view.finishedAt ?? now).milliseconds - start.milliseconds)
    }
}
