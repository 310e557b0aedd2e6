/// The film and sound formats that are let in, told by their first bytes, never by a file's name.
///
/// ffmpeg gets the demuxer by name, so it does not guess: a playlist or a script called `clip.mp4` is no film, and
/// nothing that is let in can name other files or addresses.
enum ClipFormat: String, CaseIterable, Sendable {
    case mov, matroska, avi, mpegts, flv, wav, mp3, flac, ogg, aac

    /// Bytes that `init` wants to see.
    static let headLength = 400

    /// Nil when the bytes begin like none of the formats.
    init?(head: [UInt8]) {
        func has(_ signature: [UInt8], at offset: Int = 0) -> Bool {
            head.count >= offset + signature.count && head[offset..<offset + signature.count].elementsEqual(signature)
        }
        func says(_ text: String, at offset: Int) -> Bool { has(Array(text.utf8), at: offset) }
        let atoms = ["ftyp", "moov", "mdat", "free", "wide", "skip"]
        if atoms.contains(where: { says($0, at: 4) }) {
            self = .mov
        } else if has([0x1A, 0x45, 0xDF, 0xA3]) {
            self = .matroska
        } else if says("RIFF", at: 0), says("AVI ", at: 8) {
            self = .avi
        } else if says("RIFF", at: 0) || says("RF64", at: 0), says("WAVE", at: 8) {
            self = .wav
        } else if has([0x47]), has([0x47], at: 188), has([0x47], at: 376) {
            self = .mpegts
        } else if says("FLV", at: 0) {
            self = .flv
        } else if says("fLaC", at: 0) {
            self = .flac
        } else if says("OggS", at: 0) {
            self = .ogg
        } else if let first = head.first, first == 0xFF, head.count > 1, head[1] & 0xF6 == 0xF0 {
            self = .aac
        } else if says("ID3", at: 0) || (head.first == 0xFF && head.count > 1 && head[1] & 0xE6 == 0xE2) {
            self = .mp3
        } else {
            return nil
        }
    }

    /// ffmpeg's name of the demuxer.
    var demuxer: String { rawValue }
}
