/// The ways in which people copy a spool with rsync, each into a folder of its own.
enum CopyManner: String, CaseIterable, Sendable {
    /// Into an empty folder.
    case plain
    /// As the documentation says: what is gone leaves the copy as well.
    case delete
    case deleteDelay = "delete-delay"
    case delayUpdates = "delay-updates"
    /// With all that could be left out.
    case everything

    /// Whether the copy before is brought up to date.
    var isIncremental: Bool { self != .plain }

    /// The options.
    var options: [String] {
        switch self {
        case .plain: ["-a"] + Self.left
        case .delete: ["-a", "--delete"] + Self.left
        case .deleteDelay: ["-a", "--delete-delay"] + Self.left
        case .delayUpdates: ["-a", "--delete", "--delay-updates"] + Self.left
        case .everything: ["-a", "--delete"]
        }
    }

    private static let left = ["index/", "tmp/", "cache/", "meta/ballast"].flatMap { ["--exclude", "/\($0)"] }
}
