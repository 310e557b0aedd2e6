import JobCore

/// The list of `ls`: a table for people, tab-separated lines for programs.
struct JobTable {
    let views: [JobView]
    let now: Timestamp
    let policy: Policy
    let terminal: Terminal

    /// `id`, state, type, progress, prompt: five fields, no header, nothing cut.
    var lines: [String] {
        views.map { view in
            [view.id.text, view.state.rawValue, view.typeName, String(view.progress), JobLabel.what(view)]
                .map(TerminalText.plain).joined(separator: "\t")
        }
    }

    /// With a header, cut to the terminal's width.
    var table: [String] {
        let labels = views.map { TerminalText.truncated(JobLabel.text($0.id), to: 24, isUnicode: terminal.isUnicode) }
        let types = views.map { TerminalText.plain($0.typeName) }
        let progress = views.map(progress)
        let columns = [("JOB", labels), ("TYPE", types), ("PROGRESS", progress)].map { title, texts in
            (texts.map(TerminalText.width) + [title.count]).max() ?? title.count
        }
        let used = columns.reduce(0, +) + 8 + 4 * 2
        let room = max(8, terminal.width - used)
        let header = [
            TerminalText.padded("JOB", to: columns[0]), TerminalText.padded("STATE", to: 8),
            TerminalText.padded("TYPE", to: columns[1]), TerminalText.padded("PROGRESS", to: columns[2]), "WHAT",
        ]
        let rows = views.indices.map { index in
            [
                TerminalText.padded(labels[index], to: columns[0]),
                StateText.colored(views[index].state, width: 8, terminal),
                TerminalText.padded(types[index], to: columns[1]),
                TerminalText.padded(progress[index], to: columns[2]),
                TerminalText.truncated(JobLabel.what(views[index]), to: room, isUnicode: terminal.isUnicode),
            ].joined(separator: "  ")
        }
        return [terminal.colored(header.joined(separator: "  "), .dim)] + rows
    }

    private func progress(_ view: JobView) -> String {
        switch view.state {
        case .queued:
            guard let time = view.scheduledFor else { return "waiting" }
            return ClockText.text(time, now: now)
        case .running:
            if view.statusHint(at: now, policy: policy) != nil { return "warming GPU" }
            return Bar.text(percent: view.progress, width: 10, isUnicode: terminal.isUnicode)
        case .done:
            guard let start = view.startedAt, let end = view.finishedAt else { return "" }
            return "took \(ClockText.span(milliseconds: end.milliseconds - start.milliseconds))"
        case .failed: return view.error?.code.rawValue ?? ""
        case .canceled: return ""
        }
    }
}
