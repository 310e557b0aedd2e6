import JobCore

/// States in their colours.
enum StateText {
    static func colored(_ state: JobState, width: Int = 0, _ terminal: Terminal) -> String {
        let color: Terminal.Color =
            switch state {
            case .queued: .yellow
            case .running: .blue
            case .done: .green
            case .failed: .red
            case .canceled: .dim
            }
        return terminal.colored(TerminalText.padded(state.rawValue, to: width), color)
    }
}
