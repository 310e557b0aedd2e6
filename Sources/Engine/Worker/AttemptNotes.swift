import JobCore

/// What an attempt has told so far.
struct AttemptNotes: Sendable {
    var throttle = ProgressThrottle()
    /// What the machine let through.
    var percent = 0
    /// Checked files, once the backend has returned.
    var yield: AttemptYield?
    var warnings = WarningList()
    /// What runs elsewhere, as it was last remembered; shared with the backend's own thread.
    let remote: RemoteNotes
}
