/// What the kernel said since somebody last asked: names to look at again, or "look at everything".
public struct WatchHints: Sendable, Equatable {
    /// What happened to a name; several things may have.
    public struct Change: OptionSet, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let appeared = Change(rawValue: 1)
        /// Its writer closed it, or it was moved in whole.
        public static let closed = Change(rawValue: 2)
        public static let left = Change(rawValue: 4)
        public static let deleted = Change(rawValue: 8)
        /// Its times or rights changed.
        public static let touched = Change(rawValue: 16)
    }

    /// More names than this are not kept: a look at everything is cheaper.
    public static let maximumNames = 50_000

    /// By folder, then by name.
    public var names: [String: [String: Change]] = [:]
    /// Events were lost, or a folder itself was moved: look at everything.
    public var mustRescan = false

    private var count = 0

    public init() {}

    public var isEmpty: Bool { names.isEmpty && !mustRescan }

    /// Adds what happened to a name.
    public mutating func add(_ change: Change, _ name: String, in folder: String) {
        guard !mustRescan else { return }
        if names[folder]?[name]?.formUnion(change) == nil {
            names[folder, default: [:]][name] = change
            count += 1
        }
        if count > Self.maximumNames { loseEvents() }
    }

    /// Nothing that was heard so far can be relied on.
    public mutating func loseEvents() {
        (names, count, mustRescan) = ([:], 0, true)
    }
}
