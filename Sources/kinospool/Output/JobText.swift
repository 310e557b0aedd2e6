import JobCore

/// One job in full, for people.
struct JobText {
    let view: JobView
    let now: Timestamp
    let policy: Policy
    var storage: StorageAccess?
    let terminal: Terminal

    /// The lines of `show`.
    var lines: [String] {
        var lines = [heading]
        let what = JobLabel.what(view)
        if !what.isEmpty { lines.append("  \(what)") }
        if let error = view.error { lines.append("  " + TerminalText.plain(error.message)) }
        if view.error == nil, view.state != .done {
            let progress = view.state == .running ? "\(view.progress) %  " : ""
            lines.append("  " + progress + TerminalText.plain(view.statusMessage(at: now, policy: policy)))
        }
        lines += view.warnings.map { "  Warning: " + TerminalText.plain($0) }
        lines.append("  " + times.joined(separator: " · "))
        lines += runs
        lines += view.artifacts.enumerated().map { index, artifact in
            let url = index < view.outputURLs.count ? view.outputURLs[index] : artifact.name
            return "  " + ([url] + facts(artifact)).joined(separator: "  ")
        }
        if let publication = view.publication {
            lines += view.artifacts.compactMap { artifact in
                let link = publication.link(to: artifact.name, through: storage, at: now)
                return (link ?? publication.address(of: artifact.name)).map { "  Published: \($0)" }
            }
        }
        return lines + advice
    }

    private var heading: String {
        var parts = [terminal.colored(view.id.text, .bold), StateText.colored(view.state, terminal)]
        if let error = view.error { parts.append(error.code.rawValue) }
        return (parts + [wishes]).joined(separator: "  ")
    }

    /// `RENDER, 1080p, 10 s, seed 77, attempt 2`
    private var wishes: String {
        let params = view.params.object ?? [:]
        func text(_ key: String) -> String? {
            params[key].flatMap { $0.string ?? $0.number.map { JSONWriter.compact(.number($0)) } }
        }
        let parts: [String?] = [
            view.typeName, text("resolution"), text("aspect_ratio"), text("duration").map { "\($0) s" },
            text("seed").map { "seed \($0)" }, view.attempt > 1 ? "attempt \(view.attempt)" : nil,
            view.priority != 0 ? "priority \(view.priority)" : nil,
        ]
        return TerminalText.plain(parts.compactMap { $0 }.joined(separator: ", "))
    }

    private var times: [String] {
        func time(_ name: String, _ time: Timestamp?) -> String? {
            time.map { "\(name) \(ClockText.text($0, now: now))" }
        }
        let parts = [
            time("queued", view.createdAt), time("not before", view.scheduledFor), time("started", view.startedAt),
            time("last heartbeat", view.heartbeatAt), time(view.state.rawValue, view.finishedAt),
        ]
        return parts.compactMap { $0 }
    }

    /// What each run at RunPod has used: `  RunPod run a1b2-u1: queue 2.4 s, GPU 41.2 s, $0.0123`
    private var runs: [String] {
        view.remoteRuns.map { run in
            let isOpen = view.state.isFinal && run.mayBill
            let words = [isOpen ? "not confirmed as over yet" : nil, run.usage.sentence].compactMap { $0 }
            let used = words.isEmpty ? run.state.rawValue : words.joined(separator: ", ")
            return "  RunPod run \(TerminalText.plain(run.id ?? "without id")): \(used)"
        }
    }

    private func facts(_ artifact: Artifact) -> [String] {
        var facts: [String] = []
        if let media = artifact.media {
            facts.append(ClockText.span(milliseconds: Int64(min(max(media.duration, 0), 1e9) * 1000)))
            if let width = media.width, let height = media.height { facts.append("\(width)x\(height)") }
        }
        return facts + [ByteText.text(artifact.bytes)]
    }

    private var advice: [String] {
        let id = JobLabel.text(view.id)
        let commands: [String] =
            switch view.state {
            case .queued: ["kinospool wait \(id)", "kinospool cancel \(id)"]
            case .running: ["kinospool wait \(id)", "kinospool logs -f \(id)"]
            case .failed: ["kinospool retry \(id)", "kinospool logs \(id)"]
            case .canceled: ["kinospool retry \(id)"]
            case .done: []
            }
        // A canceled job's hint says nothing but "retry", which stands right below.
        let hint = view.state == .failed ? TerminalText.plain(view.error?.hint ?? "") : ""
        let named = hint.replacing(/\bID\b/, with: id)
        return (named.isEmpty ? [] : ["  Hint:  \(named)"])
            + commands.enumerated().map { ($0 == 0 ? "  Try:   " : "         ") + $1 }
    }
}
