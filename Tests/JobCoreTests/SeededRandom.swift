import JobCore

/// SplitMix64, so that a failure can be run again from the seed it prints.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A text of printable ASCII, of escapes and of several bytes a character.
    mutating func text(count: Int) -> String {
        let pieces = [
            "a", "Z", "7", " ", "\"", "\\", "/", "\n", "\t", "\u{1}", "\u{7F}", "é", "漢", "🎬", "{", "]", ",", ":",
        ]
        return (0..<count).map { _ in pieces.randomElement(using: &self) ?? "" }.joined()
    }

    /// A value that JSON holds exactly: numbers with a fraction, else integers.
    mutating func value(depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &self) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &self))
        case 2: return .integer(Int64(truncatingIfNeeded: next()))
        case 3: return .integer(Int64.random(in: -9...9, using: &self))
        case 4: return .number(Double.random(in: -1e6...1e6, using: &self).rounded(.down) + 0.5)
        case 5: return .string(text(count: Int.random(in: 0...12, using: &self)))
        case 6: return .array((0..<Int.random(in: 0...4, using: &self)).map { _ in value(depth: depth - 1) })
        default: return .object(members(depth: depth - 1))
        }
    }

    mutating func members(depth: Int) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        for _ in 0..<Int.random(in: 0...5, using: &self) {
            members[text(count: Int.random(in: 0...6, using: &self))] = value(depth: depth)
        }
        return members
    }
}
