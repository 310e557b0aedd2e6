/// The key to RunPod. It describes itself as `••••`, so that no log, message or dump can show it by accident.
public struct RunPodKey: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// For the `Authorization` header alone.
    public let secret: String

    public init(_ secret: String) { self.secret = secret }

    public var description: String { Redaction.mask }
    public var debugDescription: String { Redaction.mask }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
