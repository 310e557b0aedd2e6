import JobCore

/// What an attempt has told so far.
struct AttemptNotes {
    var throttle = ProgressThrottle()
    /// Checked files, once the backend has returned.
    var artifacts: [Artifact] = []
    var warnings = WarningList()
}
