/// A file name that cannot leave its folder: what attachments and artifacts may be called.
public enum PlainName {
    /// 1 to 200 bytes, no slash, no control character, no leading dot or dash (ffmpeg would read an option).
    public static func isLegal(_ name: some StringProtocol) -> Bool {
        let bytes = name.utf8
        guard (1...200).contains(bytes.count), let first = bytes.first else { return false }
        guard first != UInt8(ascii: "."), first != UInt8(ascii: "-") else { return false }
        return bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\") }
    }
}
