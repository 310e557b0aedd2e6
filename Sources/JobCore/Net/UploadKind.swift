/// Kinds of files that may be uploaded, told by their first bytes and not by what somebody says they are.
public enum UploadKind: String, CaseIterable, Sendable {
    case png, jpg, webp, gif, wav, mp3, flac, ogg, mp4, webm

    /// The media type a client may name it by.
    public var mediaType: String {
        switch self {
        case .png: "image/png"
        case .jpg: "image/jpeg"
        case .webp: "image/webp"
        case .gif: "image/gif"
        case .wav: "audio/wav"
        case .mp3: "audio/mpeg"
        case .flac: "audio/flac"
        case .ogg: "audio/ogg"
        case .mp4: "video/mp4"
        case .webm: "video/webm"
        }
    }

    /// What the bytes are; nil for anything that may not be uploaded.
    public init?(sniffing bytes: some Collection<UInt8>) {
        let head = Array(bytes.prefix(12))
        func has(_ text: String, at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: text.utf8) }
        let isRIFF = has("RIFF")
        if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpg
        } else if isRIFF, has("WEBP", at: 8) {
            self = .webp
        } else if isRIFF, has("WAVE", at: 8) {
            self = .wav
        } else if has("GIF87a") || has("GIF89a") {
            self = .gif
        } else if has("ID3") || (head.count > 1 && head[0] == 0xFF && head[1] & 0xE6 == 0xE2) {
            self = .mp3
        } else if has("fLaC") {
            self = .flac
        } else if has("OggS") {
            self = .ogg
        } else if has("ftyp", at: 4) {
            self = .mp4
        } else if head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
            self = .webm
        } else {
            return nil
        }
    }
}
