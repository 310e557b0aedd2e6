/// The text form of tags that ffmpeg reads with `-f ffmetadata`.
///
/// Tags go through a file because a recipe may be longer than the 128 KiB that Linux allows one argument.
/// Source: https://ffmpeg.org/ffmpeg-formats.html#Metadata-2
public enum FFMetadata {
    /// A whole file with these tags, in order.
    public static func text(_ tags: KeyValuePairs<String, String>) -> String {
        tags.reduce(into: ";FFMETADATA1\n") { text, tag in
            text += escaped(tag.key) + "=" + escaped(tag.value) + "\n"
        }
    }

    /// `=`, `;`, `#`, `\` and the line end get a backslash; a NUL would end the file for ffmpeg and is left out.
    static func escaped(_ text: String) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count + text.utf8.count / 8)
        for byte in text.utf8 where byte != 0 {
            if "=;#\\\n".utf8.contains(byte) { output.append(UInt8(ascii: "\\")) }
            output.append(byte)
        }
        return String(decoding: output, as: UTF8.self)
    }
}
