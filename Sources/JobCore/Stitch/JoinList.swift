/// The list that ffmpeg's concat demuxer reads: plain names of files in the working folder, and how long each is.
///
/// Only names that we chose ourselves get in, so nothing in it needs an escape and no `-safe 0` is needed.
public enum JoinList {
    /// - Parameter entries: a name, and its length in seconds.
    public static func text(_ entries: [(name: String, seconds: Double)]) -> String {
        "ffconcat version 1.0\n"
            + entries.map { "file '\($0.name)'\nduration \(DecimalText.precise($0.seconds))\n" }.joined()
    }

    /// The arguments that open a list.
    ///
    /// - Parameter demuxers: ffmpeg's names of those that may read its files.
    public static func arguments(_ name: String, _ demuxers: [String]) -> [String] {
        [
            "-protocol_whitelist", "file", "-format_whitelist", (["concat"] + demuxers).joined(separator: ","),
            "-f", "concat", "-safe", "1", "-i", "file:\(name)",
        ]
    }
}
