/// How one clip goes over into the next.
public struct TimelineTransition: Sendable, Equatable {
    /// The ways that are offered; `cut` takes no time, all others overlap the two clips.
    public enum Kind: String, CaseIterable, Sendable {
        case cut, crossfade, dip
        case dipWhite = "dip_white"
        case wipeLeft = "wipe_left", wipeRight = "wipe_right", wipeUp = "wipe_up", wipeDown = "wipe_down"
        case slideLeft = "slide_left", slideRight = "slide_right"
        case circle, dissolve
    }

    public let kind: Kind
    /// Seconds that both clips are seen or heard at once; 0 for a cut.
    public let duration: Double

    public static let cut = TimelineTransition(kind: .cut, duration: 0)
    /// Where a kind is named without a duration.
    public static let defaultDuration = 0.5
    public static let durations = 0.04...10.0

    public init(kind: Kind, duration: Double) { (self.kind, self.duration) = (kind, kind == .cut ? 0 : duration) }

    /// Reads `"crossfade"` or `{"type": "crossfade", "duration": 0.5}`; nil when the key is missing.
    init?(_ key: String, in reader: FieldReader) throws(Failure) {
        guard let value = reader.present(key) else { return nil }
        if value.object == nil {
            guard let kind = try reader.word(key, Kind.self) else { return nil }
            self.init(kind: kind, duration: Self.defaultDuration)
            return
        }
        let members = try reader.object(key)
        guard let kind = try members.word("type", Kind.self) else { throw members.failure("type", "is missing") }
        let duration = try members.number("duration", in: Self.durations) ?? Self.defaultDuration
        self.init(kind: kind, duration: duration)
    }
}
