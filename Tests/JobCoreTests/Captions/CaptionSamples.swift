import JobCore

/// Short ways to captions for tests.
enum Captions {
    static func read(_ text: String, _ format: CaptionFormat) throws(Failure) -> CaptionTrack {
        try CaptionTrack.read(Array(text.utf8), format: format, name: "f")
    }

    /// The message of the refusal; empty when the file is read.
    static func refusal(_ text: String, _ format: CaptionFormat) -> String {
        refusal(Array(text.utf8), format)
    }

    static func refusal(_ bytes: [UInt8], _ format: CaptionFormat) -> String {
        do throws(Failure) {
            _ = try CaptionTrack.read(bytes, format: format, name: "f")
            return ""
        } catch {
            return error.code == .invalidJob ? error.message : "\(error.code)"
        }
    }

    /// A whole ASS file around some events.
    static func ass(_ events: String, styles: String = "", info: String = "PlayResX: 640\nPlayResY: 360\n") -> String {
        """
        [Script Info]
        ; a comment
        Title: x
        \(info)
        [V4+ Styles]
        Format: Name, Fontname, Fontsize
        Style: Default,Arial,20
        \(styles)
        [Events]
        Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
        \(events)
        """
    }

    /// The events of a script, one line each.
    static func events(_ script: SubtitleScript?) -> [String] {
        String(decoding: script?.bytes ?? [], as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix("Dialogue: ") }.map(String.init)
    }
}
