public import Foundation
import Glibc
import JobCore

/// Looks for secrets where none may be: in files of any kind, and so in whatever was written into one.
///
/// Each is looked for as it is, as base64 wherever in a longer text it may have stood, and percent-encoded.
public struct SecretHunt: Sendable {
    /// A secret that stands where it must not.
    public struct Find: Sendable, Equatable, CustomStringConvertible {
        /// What the secret is, not the secret.
        public let secret: String
        /// How it was written down.
        public let form: Form
        /// The file, relative to where the hunt began.
        public let place: String

        public init(_ secret: String, _ form: Form, in place: String) {
            (self.secret, self.form, self.place) = (secret, form, place)
        }

        public var description: String { "\(secret) stands in \(place) (\(form))" }
    }

    /// A way to write a secret down.
    public enum Form: String, Sendable { case plain, base64, percent }

    /// What was looked through, and what was found.
    public struct Bag: Sendable {
        /// Relative paths of all files, sorted.
        public var files: [String] = []
        public var finds: [Find] = []
    }

    private struct Pattern: Sendable {
        let secret: String
        let form: Form
        let bytes: [UInt8]
    }

    /// Shorter ones would be found where they are none.
    static let shortest = 8

    /// By what they are.
    private let secrets: [String: String], marks: [String: [String]]
    private let patterns: [Pattern]
    /// Relative paths of files that hold secrets because a person keeps them there.
    public var allowed: Set<String> = []

    /// - Parameters:
    ///   - secrets: by what they are; each at least eight bytes long.
    ///   - marks: texts right before secrets that nobody knows; not looked for as base64.
    public init(_ secrets: [String: String], marks: [String: [String]] = [:]) {
        for (name, secret) in secrets { precondition(secret.utf8.count >= Self.shortest, "\(name) is too short") }
        (self.secrets, self.marks) = (secrets, marks)
        let known = secrets.sorted { $0.key < $1.key }.flatMap { Self.patterns($0.key, Array($0.value.utf8)) }
        let marked = marks.sorted { $0.key < $1.key }.flatMap { name, texts in
            texts.flatMap { Self.patterns(name, Array($0.utf8)) }.filter { $0.form != .base64 }
        }
        patterns = known + marked
    }

    /// The same hunt for more of them.
    public func adding(_ more: [String: String]) -> SecretHunt {
        var hunt = SecretHunt(secrets.merging(more) { _, new in new }, marks: marks)
        hunt.allowed = allowed
        return hunt
    }

    /// Every regular file below a folder; links are not followed, files that go meanwhile hold nothing.
    ///
    /// - Throws: when one cannot be read: it may hold anything.
    public func bag(below folder: String) throws -> Bag {
        var bag = Bag()
        let names = FileManager.default.enumerator(atPath: folder)
        while let name = names?.nextObject() as? String {
            guard names?.fileAttributes?[.type] as? FileAttributeType == .typeRegular, !allowed.contains(name),
                let bytes = try Self.bytes(of: "\(folder)/\(name)")
            else { continue }
            bag.files.append(name)
            bag.finds += finds(in: bytes, of: name)
        }
        bag.files.sort()
        return bag
    }

    /// What stands in some bytes; each secret once.
    public func finds(in bytes: Data, of place: String) -> [Find] {
        var known: Set<String> = []
        return bytes.withUnsafeBytes { buffer in
            patterns.compactMap { pattern in
                guard !known.contains(pattern.secret), Self.contains(buffer, pattern.bytes) else { return nil }
                known.insert(pattern.secret)
                return Find(pattern.secret, pattern.form, in: place)
            }
        }
    }

    private static func bytes(of path: String) throws -> Data? {
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            return nil
        }
    }

    // MARK: - Forms

    private static func patterns(_ name: String, _ secret: [UInt8]) -> [Pattern] {
        var patterns = [Pattern(secret: name, form: .plain, bytes: secret)]
        for offset in 0..<3 {
            let text = base64(secret, behind: offset)
            let safe = text.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? 0x5F : $0 }
            patterns += [text, safe].map { Pattern(secret: name, form: .base64, bytes: $0) }
        }
        for digits in ["0123456789ABCDEF", "0123456789abcdef"] {
            for kept in ["", "/", "/:@+"] {
                let text = percentEncoded(secret, Array(digits.utf8), keeping: Array(kept.utf8))
                patterns.append(Pattern(secret: name, form: .percent, bytes: text))
            }
        }
        var known: Set<[UInt8]> = []
        return patterns.filter { known.insert($0.bytes).inserted }
    }

    /// The characters that depend on nothing but the secret, where so many bytes (modulo 3) stand before it.
    private static func base64(_ secret: [UInt8], behind offset: Int) -> [UInt8] {
        let text = Array(Base64.encoded([UInt8](repeating: 0, count: offset) + secret).utf8)
        let (first, end) = ((8 * offset + 5) / 6, 8 * (offset + secret.count) / 6)
        return Array(text[first..<end])
    }

    private static func percentEncoded(_ secret: [UInt8], _ digits: [UInt8], keeping kept: [UInt8]) -> [UInt8] {
        secret.flatMap { byte -> [UInt8] in
            let isPlain = isalnum(Int32(byte)) != 0 && byte < 0x80 || "-._~".utf8.contains(byte) || kept.contains(byte)
            return isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }

    private static func contains(_ text: UnsafeRawBufferPointer, _ pattern: [UInt8]) -> Bool {
        guard let base = text.baseAddress, text.count >= pattern.count else { return false }
        let end = base + (text.count - pattern.count + 1)
        var start = base
        while start < end, let hit = memchr(start, Int32(pattern[0]), end - start) {
            if memcmp(hit, pattern, pattern.count) == 0 { return true }
            start = UnsafeRawPointer(hit) + 1
        }
        return false
    }
}

extension SecretHunt {
    /// The secrets of the fakes and the peers, and all signatures.
    public static let ours = SecretHunt(
        [
            "RunPod's key": FakeRunPod.key, "the storage's secret": FakeStorage.secret,
            "the storage server's secret": SeaweedServer.secret,
        ],
        // With a first digit: where the signature was taken out, the name may stand.
        marks: [
            "a signature": "0123456789abcdef".flatMap { ["X-Amz-Signature=\($0)", "SHA256, Signature=\($0)"] }
                + ["Credential=\(FakeStorage.keyID)/", "Credential=\(SeaweedServer.keyID)/"]
        ])
}
