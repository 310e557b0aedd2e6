/// Finds the secrets in a text, in one walk over its bytes.
///
/// Only ASCII is compared, so a range never begins or ends inside a character of several bytes.
struct SecretScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Endings of names whose values are secret; a dash or a space in the text counts as `_`.
    private static let secretNames = [
        "api_key", "apikey", "access_key", "accesskey", "access_key_id", "secret_key", "private_key", "secret", "token",
        "password", "passwd", "passphrase", "authorization", "signature", "credential", "credentials",
    ].map { Array($0.utf8) }

    /// Beginnings of words that are secrets by themselves when at least eight more bytes follow.
    private static let secretBeginnings = [
        "rpa_", "AKIA", "ASIA", "hf_", "sk-", "r8_", "ghp_", "gho_", "github_pat_", "eyJ",
    ].map { Array($0.utf8) }

    private static let bearer = Array("bearer".utf8), basic = Array("basic".utf8)

    /// Words after `Authorization:` that only name the scheme; the secret is the next word.
    private static let schemes = [
        "basic", "bearer", "digest", "token", "negotiate", "aws4-hmac-sha256",
    ].map { Array($0.utf8) }

    /// Ranges of bytes, rising, none overlapping another.
    consuming func secrets() -> [Range<Int>] {
        var found: [Range<Int>] = []
        while position < bytes.count {
            if let secret = namedValue() ?? bearerToken() ?? basicCredentials() ?? secretWord() ?? userInfo() {
                found.append(secret)
                position = secret.upperBound
            } else {
                position += 1
            }
        }
        return found
    }

    // MARK: - The kinds

    /// The value after `name=`, `"name": "` or `--name `, when the name says that it is secret.
    private func namedValue() -> Range<Int>? {
        if let end = separator(at: position) {
            var nameEnd = position
            while nameEnd > 0, isFiller(bytes[nameEnd - 1]) { nameEnd -= 1 }
            guard Self.secretNames.contains(where: { endsName(at: nameEnd, $0) }) else { return nil }
            var start = end
            while start < bytes.count, let next = separator(at: start) ?? (isSpace(start) ? start + 1 : nil) {
                start = next
            }
            start = afterOpeningQuote(start)
            return value(from: afterScheme(start) ?? start)
        }
        // `--api-key VALUE`
        guard bytes[position] == UInt8(ascii: " "), position > 0, isNameByte(bytes[position - 1]) else { return nil }
        guard let name = Self.secretNames.first(where: { endsName(at: position, $0) }) else { return nil }
        var dash = position - name.count
        let limit = max(0, dash - 32)
        while dash > limit, isNameByte(bytes[dash - 1]) { dash -= 1 }
        guard bytes[dash...].starts(with: Array("--".utf8)) else { return nil }
        let start = afterSpaces(position)
        guard start < bytes.count, bytes[start] != UInt8(ascii: "-") else { return nil }
        return value(from: afterOpeningQuote(start))
    }

    /// `Bearer VALUE` anywhere; "the bearer token file" is plain English and stays.
    private func bearerToken() -> Range<Int>? {
        guard beginsWord(position), matches(Self.bearer, at: position) else { return nil }
        var start = afterSpaces(position + 6)
        if bytes[start...].starts(with: Array("%20".utf8)) { start += 3 }
        guard start > position + 6, let secret = value(from: afterOpeningQuote(start)) else { return nil }
        let word = bytes[secret].prefix(while: { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
        let isEnglish = word.count < 16 && bytes[secret].dropFirst(word.count).allSatisfy { ".:!?".utf8.contains($0) }
        return isEnglish ? nil : secret
    }

    /// `Basic VALUE` anywhere; "basic training" is plain English and stays.
    private func basicCredentials() -> Range<Int>? {
        guard beginsWord(position), matches(Self.basic, at: position) else { return nil }
        let start = afterSpaces(position + 5)
        guard start > position + 5, let secret = value(from: afterOpeningQuote(start)) else { return nil }
        let word = bytes[secret]
        let isBase64 = word.count >= 8 && word.allSatisfy { isLetterOrDigit($0) || "+/-_=".utf8.contains($0) }
        let isEnglish = word.dropFirst().allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        return isBase64 && !isEnglish ? secret : nil
    }

    /// A word that is a secret by its beginning.
    private func secretWord() -> Range<Int>? {
        guard beginsWord(position) else { return nil }
        let (first, rest) = (bytes[position], bytes[position...])
        let beginning = Self.secretBeginnings.first { $0[0] == first && rest.starts(with: $0) }
        guard let beginning else { return nil }
        var end = position + beginning.count
        while end < bytes.count, isNameByte(bytes[end]) || bytes[end] == UInt8(ascii: ".") { end += 1 }
        return end - position >= beginning.count + 8 ? position..<end : nil
    }

    /// `user:password` between `://` and `@`.
    private func userInfo() -> Range<Int>? {
        let start = position + 3
        guard start < bytes.count, bytes[position] == UInt8(ascii: ":"), bytes[position + 1] == UInt8(ascii: "/"),
            bytes[position + 2] == UInt8(ascii: "/")
        else { return nil }
        var (end, at) = (start, start)
        while end < bytes.count, !"/?# \"'\n\t<>".utf8.contains(bytes[end]) {
            if bytes[end] == UInt8(ascii: "@") { at = end }
            end += 1
        }
        return at > start ? start..<at : nil
    }

    // MARK: - Values

    /// To the closing quote where one opened, else to the end of the word.
    private func value(from start: Int) -> Range<Int>? {
        guard start > 0, start < bytes.count else { return nil }
        let quote = bytes[start - 1]
        let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        let isEscaped = isQuoted && start > 1 && bytes[start - 2] == UInt8(ascii: "\\")
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), bytes[end] != UInt8(ascii: "\r") {
            if isQuoted {
                if bytes[end] == quote { break }
                if bytes[end] == UInt8(ascii: "\\"), end + 1 < bytes.count {
                    if isEscaped, bytes[end + 1] == quote { break }
                    end += 1
                }
            } else if endsBareValue(end) {
                break
            }
            end += 1
        }
        end = min(end, bytes.count)
        return end > start ? start..<end : nil
    }

    private func endsBareValue(_ index: Int) -> Bool {
        switch bytes[index] {
        case let byte where " \t\"'&".utf8.contains(byte): return true
        case UInt8(ascii: "\\"):
            return index + 1 < bytes.count && "\"'".utf8.contains(bytes[index + 1])
        case let byte where ",;.)]}".utf8.contains(byte):
            // A secret may hold such a byte: it ends the value only where a sentence or a list would go on.
            return index + 1 == bytes.count || " \t\n\r\"'\\)]}".utf8.contains(bytes[index + 1])
        default: return false
        }
    }

    /// Where the word after a scheme's name begins, nil when the text is no scheme.
    private func afterScheme(_ start: Int) -> Int? {
        guard let scheme = Self.schemes.first(where: { matches($0, at: start) }) else { return nil }
        let next = afterSpaces(start + scheme.count)
        return next > start + scheme.count ? next : nil
    }

    private func afterSpaces(_ start: Int) -> Int {
        var next = start
        while next < bytes.count, isSpace(next) { next += 1 }
        return next
    }

    /// Behind one quote, also an escaped one (`\"`); never behind two: an empty value hides nothing.
    private func afterOpeningQuote(_ start: Int) -> Int {
        var next = start
        while next < bytes.count, bytes[next] == UInt8(ascii: "\\") { next += 1 }
        return next < bytes.count && "\"'".utf8.contains(bytes[next]) ? next + 1 : start
    }

    // MARK: - Bytes

    /// The end of `=`, `:`, `=>` or their percent-encoded forms at an index.
    private func separator(at index: Int) -> Int? {
        switch bytes[index] {
        case UInt8(ascii: "="), UInt8(ascii: ":"):
            return index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: ">") ? index + 2 : index + 1
        case UInt8(ascii: "%"):
            guard index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "3") else { return nil }
            return [UInt8(ascii: "d"), UInt8(ascii: "a")].contains(bytes[index + 2] | 0x20) ? index + 3 : nil
        default: return nil
        }
    }

    /// Whether a name that ends before an index has this ending, and at least that much of it.
    private func endsName(at end: Int, _ ending: [UInt8]) -> Bool {
        guard end >= ending.count, bytes[end - 1] | 0x20 == ending.last else { return false }
        return zip(bytes[(end - ending.count)..<end], ending).allSatisfy { byte, wanted in
            wanted == UInt8(ascii: "_") ? "_- ".utf8.contains(byte) : byte | 0x20 == wanted
        }
    }

    private func matches(_ lowerCaseWord: [UInt8], at index: Int) -> Bool {
        guard index + lowerCaseWord.count <= bytes.count, bytes[index] | 0x20 == lowerCaseWord.first else {
            return false
        }
        return zip(bytes[index...], lowerCaseWord).allSatisfy { $0 | 0x20 == $1 }
    }

    /// No letter or digit stands before the index, or one that belongs to an escape (`\n`, `%3D`).
    private func beginsWord(_ index: Int) -> Bool {
        guard index > 0, isLetterOrDigit(bytes[index - 1]) else { return true }
        if index > 1, bytes[index - 2] == UInt8(ascii: "\\") { return true }
        if index > 2, bytes[index - 3] == UInt8(ascii: "%") { return true }
        return index > 5 && bytes[index - 6] == UInt8(ascii: "\\") && bytes[index - 5] == UInt8(ascii: "u")
    }

    private func isSpace(_ index: Int) -> Bool { bytes[index] == 0x20 || bytes[index] == 0x09 }

    /// What may stand between a name and its separator: `"token" :`, `["token"] =`.
    private func isFiller(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "]"): true
        default: false
        }
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    private func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
