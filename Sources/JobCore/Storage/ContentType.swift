/// What browsers are told of an artifact, by the ending of its name.
public enum ContentType {
    private static let known = [
        "mp4": "video/mp4", "m4v": "video/mp4", "mov": "video/quicktime", "mkv": "video/x-matroska",
        "webm": "video/webm", "avi": "video/x-msvideo", "wav": "audio/wav", "mp3": "audio/mpeg", "m4a": "audio/mp4",
        "flac": "audio/flac", "ogg": "audio/ogg", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png",
        "gif": "image/gif", "webp": "image/webp", "srt": "application/x-subrip", "json": "application/json",
    ]

    /// `application/octet-stream` for what is not known, and never anything that a browser runs.
    public static func of(_ fileName: String) -> String {
        let ending = fileName.lastIndex(of: ".").map { fileName[fileName.index(after: $0)...].lowercased() }
        return ending.flatMap { known[$0] } ?? "application/octet-stream"
    }
}
