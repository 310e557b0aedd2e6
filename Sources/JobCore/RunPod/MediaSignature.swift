/// What a file is, by its first bytes: names and content types of workers lie.
public enum MediaSignature: String, Sendable, CaseIterable {
    case mp4, webm, avi, gif, png, jpg, webp, mp3, m4a, wav, ogg, flac

    /// How many bytes are enough to tell.
    public static let length = 12

    public init?(_ bytes: some Sequence<UInt8>) {
        let head = Array(bytes.prefix(Self.length))
        func has(_ text: String, at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: text.utf8) }
        if has("ftyp", at: 4) {
            // The brand of files that hold sound alone.
            self = has("M4A ", at: 8) ? .m4a : .mp4
        } else if head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
            self = .webm
        } else if has("RIFF"), has("AVI ", at: 8) {
            self = .avi
        } else if has("RIFF"), has("WAVE", at: 8) {
            self = .wav
        } else if has("RIFF"), has("WEBP", at: 8) {
            self = .webp
        } else if has("GIF8") {
            self = .gif
        } else if head.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
            self = .png
        } else if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpg
        } else if has("ID3") || (head.count > 1 && head[0] == 0xFF && head[1] & 0xE6 == 0xE2) {
            self = .mp3
        } else if has("OggS") {
            self = .ogg
        } else if has("fLaC") {
            self = .flac
        } else {
            return nil
        }
    }

    /// What a person does with it. A moving picture is a film, also as a GIF.
    public var kind: Artifact.Kind {
        switch self {
        case .mp4, .webm, .avi, .gif: .video
        case .png, .jpg, .webp: .image
        case .mp3, .m4a, .wav, .ogg, .flac: .audio
        }
    }

    /// For data URIs.
    public var contentType: String {
        switch self {
        case .mp4: "video/mp4"
        case .webm: "video/webm"
        case .avi: "video/x-msvideo"
        case .gif: "image/gif"
        case .png: "image/png"
        case .jpg: "image/jpeg"
        case .webp: "image/webp"
        case .mp3: "audio/mpeg"
        case .m4a: "audio/mp4"
        case .wav: "audio/wav"
        case .ogg: "audio/ogg"
        case .flac: "audio/flac"
        }
    }
}
