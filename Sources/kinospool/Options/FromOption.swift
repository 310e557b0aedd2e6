import ArgumentParser

/// How films are named whose recipes a command reads.
enum FromOption {
    /// For shells: what films and sounds are called.
    static let completion = CompletionKind.file(extensions: ["mp4", "m4a", "m4v", "mov", "mkv", "webm"])
}
