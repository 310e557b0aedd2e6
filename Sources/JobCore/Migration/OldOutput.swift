/// Something that a job of the predecessor had made.
public enum OldOutput: Sendable, Equatable {
    /// A file on this machine, to be copied. - `name`: what it is called in the attempt's folder.
    case file(path: String, name: String)
    /// Lies elsewhere; kept as it is.
    case url(String)
    /// Names a file that is never copied: no film, picture or sound, or no absolute path.
    case refused(String)

    /// Files with these endings are copied: a database from outside must not make us take any other file along.
    static let kinds: [String: Artifact.Kind] = [
        "mp4": .video, "mov": .video, "mkv": .video, "webm": .video, "m4v": .video, "avi": .video, "gif": .image,
        "png": .image, "jpg": .image, "jpeg": .image, "webp": .image, "wav": .audio, "mp3": .audio, "m4a": .audio,
        "flac": .audio, "ogg": .audio, "opus": .audio, "aac": .audio, "safetensors": .data, "zip": .data,
        "srt": .data, "vtt": .data,
    ]

    /// - Parameter taken: names that other outputs of the job have.
    init(_ text: String, taken: Set<String>) {
        let lowered = text.lowercased()
        if lowered.hasPrefix("http://") || lowered.hasPrefix("https://") || lowered.hasPrefix("s3://") {
            self = .url(text)
            return
        }
        var path: Substring = text[...]
        if lowered.hasPrefix("file://") {
            let rest = text.dropFirst(7)
            // file://localhost/… is the same.
            path = rest.hasPrefix("localhost/") ? rest.dropFirst(9) : rest
            guard let decoded = PercentEncoding.decoded(path) else {
                self = .refused(text)
                return
            }
            path = decoded[...]
        }
        let parts = path.split(separator: "/")
        guard path.hasPrefix("/"), let last = parts.last, !parts.contains(".."), !path.contains("\0"),
            let ending = Self.ending(of: last), Self.kinds[ending] != nil
        else {
            self = .refused(text)
            return
        }
        var name = PlainName.isLegal(last) ? String(last) : "output.\(ending)"
        var number = 2
        while taken.contains(name) {
            name = "\(number)-\(PlainName.isLegal(last) ? String(last.suffix(150)) : "output.\(ending)")"
            number += 1
        }
        self = .file(path: String(path), name: name)
    }

    /// What a file with this name is.
    public static func kind(of name: String) -> Artifact.Kind { ending(of: name[...]).flatMap { kinds[$0] } ?? .data }

    private static func ending(of name: Substring) -> String? {
        name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() }
    }
}
