/// What to tell people about characters that no installed font can draw.
public struct MissingCharacters: Sendable, Equatable {
    public let characters: [Unicode.Scalar]

    /// Nil when nothing is missing.
    public init?(_ characters: [Unicode.Scalar]) {
        guard !characters.isEmpty else { return nil }
        self.characters = characters
    }

    /// No more than these are named.
    static let named = 8

    /// `No installed font has 漢 (U+6F22) and 字 (U+5B57): captions show empty boxes instead.`
    public var sentence: String {
        var names = characters.prefix(Self.named).map { "\($0) (\(Self.code($0)))" }
        if characters.count > Self.named { names.append("\(characters.count - Self.named) more") }
        let list =
            names.count > 1 ? names.dropLast().joined(separator: ", ") + " and \(names[names.count - 1])" : names[0]
        return "No installed font has \(list): captions show empty boxes instead."
    }

    /// The Debian packages that bring fonts for them: `Install fonts: apt install fonts-noto-cjk`.
    public var hint: String {
        let packages = Set(characters.compactMap(Self.package)).sorted()
        let hopeless = characters.filter { Self.package(for: $0) == nil }.prefix(Self.named).map { "\($0)" }
        let install = packages.isEmpty ? nil : "Install fonts: apt install \(packages.joined(separator: " "))"
        let replace =
            hopeless.isEmpty
            ? nil : "Write something else for \(hopeless.joined(separator: " ")): no Debian font draws it."
        return [install, replace].compactMap(\.self).joined(separator: ". ")
    }

    private static func code(_ scalar: Unicode.Scalar) -> String {
        let hex = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    }

    /// Which package draws a character, as tried with libass; nil where none is known to.
    ///
    /// For emoji it is Symbola, whose Debian package knows Unicode 9. Noto Color Emoji does not help: it is made of
    /// coloured bitmaps, and libass draws outlines only.
    private static func package(for scalar: Unicode.Scalar) -> String? {
        switch scalar.properties.generalCategory {
        case .unassigned, .privateUse, .surrogate: return nil
        default: break
        }
        switch scalar.value {
        // Jamo, radicals to Yi, Hangul, compatibility ideographs and forms, full width forms, the planes of ideographs.
        case 0x1100...0x11FF, 0x2E80...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFE30...0xFE4F,
            0xFF00...0xFFEF, 0x1B000...0x1B16F, 0x20000...0x3FFFF:
            return "fonts-noto-cjk"
        case 0x2190...0x2BFF, 0x1F000...0x1FAFF:
            return (scalar.properties.age?.major ?? .max) <= 9 ? "fonts-symbola" : nil
        default: return "fonts-noto-core"
        }
    }
}
