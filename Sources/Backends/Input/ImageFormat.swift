/// The still picture formats that are let in, told by their first bytes, never by a file's name.
///
/// ffmpeg gets the demuxer by name, so it does not guess: a playlist called `cat.png` is no picture.
enum ImageFormat: String, CaseIterable, Sendable {
    case png, jpeg, webp, bmp, gif, tiff

    /// Bytes that `init` wants to see.
    static let headLength = 16

    /// Nil when the bytes begin like none of the formats.
    init?(head: [UInt8]) {
        func has(_ signature: [UInt8], at offset: Int = 0) -> Bool {
            head.count >= offset + signature.count && head[offset..<offset + signature.count].elementsEqual(signature)
        }
        if has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if has([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if has(Array("RIFF".utf8)), has(Array("WEBP".utf8), at: 8) {
            self = .webp
        } else if has(Array("GIF87a".utf8)) || has(Array("GIF89a".utf8)) {
            self = .gif
        } else if has([0x49, 0x49, 0x2A, 0x00]) || has([0x4D, 0x4D, 0x00, 0x2A]) {
            self = .tiff
        } else if has(Array("BM".utf8)), has([0, 0, 0, 0], at: 6) {
            self = .bmp
        } else {
            return nil
        }
    }

    /// ffmpeg's name of the demuxer that reads exactly this format from one file.
    var demuxer: String { self == .gif ? "gif" : "\(rawValue)_pipe" }

    /// ffmpeg's name of the only decoder that may read it.
    var codec: String { self == .jpeg ? "mjpeg" : rawValue }
}
