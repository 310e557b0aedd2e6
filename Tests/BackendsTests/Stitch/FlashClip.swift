import Testing

/// A clip in which picture and sound say at the same moment that one second has passed: white, and a tone of 1 kHz, for
/// 0.2 s.
struct FlashClip: Sendable, CustomTestStringConvertible {
    /// What it sounds like.
    enum Sound: String, CaseIterable, Sendable { case stereo, mono, none }

    let size: String
    let rate: Int
    let sound: Sound
    var seconds = 2.0
    /// Another rate of sound than the film's, so that it is converted.
    var hertz = 44_100

    /// The moment of flash and tone.
    static let moment = 1.0

    var testDescription: String { "\(size)@\(rate) \(sound)" }

    /// Makes the file.
    func make(_ path: String, in scratch: Scratch) async throws {
        let gate = "gte(t,1)*lt(t,1.2)"
        let picture =
            "color=c=0x202020:s=\(size):r=\(rate):d=\(seconds)"
            + ",drawbox=t=fill:c=white:enable='\(gate)',format=yuv420p"
        var arguments = ["-f", "lavfi", "-i", picture]
        if sound != .none {
            let wave = "0.5*sin(2*PI*1000*t)*\(gate)"
            let channels = sound == .mono ? wave : "\(wave)|\(wave)"
            arguments += ["-f", "lavfi", "-i", "aevalsrc='\(channels)':s=\(hertz):d=\(seconds)", "-c:a", "aac"]
        }
        arguments += ["-c:v", "libx264", "-preset", "ultrafast", path]
        try await scratch.ffmpeg(arguments)
    }
}
