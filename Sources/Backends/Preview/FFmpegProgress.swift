/// Reads the lines of `ffmpeg -progress pipe:1` and tells how much of the film is done.
///
/// `out_time_us` counts microseconds; it is `N/A` until the first frame, and negative with some encoders' delay.
struct FFmpegProgress: Sendable, Equatable {
    /// Length of the whole film in seconds.
    let duration: Double
    /// 0…100; never falls.
    private(set) var percent = 0
    /// Times faster than the film plays, nil until ffmpeg knows.
    private(set) var speed: Double?

    init(duration: Double) { self.duration = duration }

    /// Takes one line; returns true when a block of lines is complete and `percent` is worth telling.
    mutating func take(_ line: String) -> Bool {
        guard let equals = line.firstIndex(of: "=") else { return false }
        let value = line[line.index(after: equals)...].drop { $0 == " " }
        switch line[..<equals] {
        case "out_time_us":
            guard let microseconds = Int64(value), duration > 0 else { return false }
            let done = Double(microseconds) / (duration * 10_000)
            percent = max(percent, Int(min(max(done, 0), 100)))
        case "speed": speed = value.hasSuffix("x") ? Double(value.dropLast()) : nil
        case "progress":
            if value == "end" { percent = 100 }
            return true
        default: break
        }
        return false
    }
}
