import JobCore
import TestSupport

/// A file as nobody's program writes it, drawn from a seed: a job with some harm done to it, under some name.
struct FuzzedFile: Sendable, CustomStringConvertible {
    let seed: UInt64
    var name: String
    var isForInbox: Bool
    var bytes: [UInt8]

    init(seed: UInt64) {
        self.seed = seed
        var random = SeededRandom(seed)
        isForInbox = Int.random(in: 0..<4, using: &random) == 0
        name = Self.name(&random)
        var fields = Self.seeds.randomElement(using: &random) ?? [:]
        for _ in 0..<Int.random(in: 0...3, using: &random) { Self.harm(&fields, &random) }
        bytes = Array(JSONWriter.compact(.object(fields)).utf8)
        for _ in 0..<Int.random(in: 0...2, using: &random) { Self.harm(&bytes, &random) }
    }

    var description: String {
        let text = String(decoding: bytes.prefix(2_000), as: UTF8.self).debugDescription
        return
            "seed \(seed), \(isForInbox ? "inbox" : "queued")/\(name.debugDescription), \(bytes.count) bytes: \(text)"
    }

    /// Jobs that are right.
    private static let seeds: [[String: JSONValue]] = [
        ["type": "NOOP"], ["type": "NOOP", "params": ["seconds": 1.5, "output_bytes": 10], "tags": ["a", "b"]],
        ["type": "RENDER", "params": ["prompt": "paper boats", "duration": 3, "seed": 7], "priority": 5],
        ["type": "RENDER", "params": ["prompt": "é漢🎬"], "note": "a note", "mine": ["kept": [1, 2.5, .null, true]]],
        ["type": "IMG2VID", "params": ["prompt": "cat", "image": "cat.png"], "needs": ["film"], "max_attempts": 3],
        ["type": "TTS", "params": ["text": "hello"], "job_id": "chosen-1", "not_before": "2030-01-01T00:00:00Z"],
        [
            "type": "NOOP", "rev": 3, "attempt": 2, "outcome": "done",
            "artifacts": [["name": "x.mp4", "kind": "video"]],
        ],
    ]

    private static let keys =
        JobDocument.Key.allCases.map(\.rawValue) + [
            "status", "", "mine", "\u{0}", "\u{FEFF}type", "__proto__", "té\u{301}",
        ]
    private static let parameters = [
        "prompt", "text", "image", "audio", "video", "end_image", "duration", "fps", "seed", "width", "height", "steps",
        "seconds", "output_bytes", "fail", "resolution", "aspect_ratio", "num_frames",
    ]

    private static let values: [JSONValue] = [
        .null, true, 0, -1, 1, 100, 101, .integer(.max), .integer(.min), .number(1e300), .number(-0.0),
        .number(.leastNonzeroMagnitude),
        .number(0.1), "", "x", "NOOP", "RENDER", "film", "../../etc/passwd", "/etc/passwd", "a/b", "..", ".hidden",
        "A B", "-rf", "a\u{0}b", "\u{1}\u{1F}\u{7F}", "\u{2028}", "e\u{301}", "\u{202E}gpj.", "file:///etc/passwd",
        "https://user:secret@example.com/x.png", "2026-13-45T99:99:99Z", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z",
        "failed", "done", "canceled", [], [:], ["a", 7, .null], ["film", "../x"], ["code": "no_such_code"],
        .string(String(repeating: "a", count: 96)), .string(String(repeating: "a", count: 97)),
        .string(String(repeating: "é", count: 600)), .string(String(repeating: "🎬", count: 3_000)),
        .array(Array(repeating: "tag", count: 200)),
    ]

    private static func harm(_ fields: inout [String: JSONValue], _ random: inout SeededRandom) {
        let value = values.randomElement(using: &random) ?? .null
        if Bool.random(using: &random) {
            fields[keys.randomElement(using: &random) ?? "type"] = value
        } else if var params = fields["params"]?.object {
            params[parameters.randomElement(using: &random) ?? "prompt"] = value
            fields["params"] = .object(params)
        } else {
            fields[["params", "type"].randomElement(using: &random) ?? "type"] = value
        }
    }

    private static let pieces: [[UInt8]] =
        [
            "\u{0}", "\u{FEFF}", #"\ud800"#, #"\udc00\ud800"#, #"\u0000"#, "1e999", "-0", "-", "1.", ".5", "0x10",
            "NaN",
            "99999999999999999999999999", "9223372036854775808", "-9223372036854775809", "1e-999", "\"", "\\", "{", "}",
            "[", "]", ",", ":", "//", "/* */", "null", "\n", "\r\n", "\t", " ", #""type":"NOOP","#, #""job_id":"a","#,
        ].map { Array($0.utf8) } + [
            [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFF, 0xFE], [0xF4, 0x90, 0x80, 0x80], [0x80],
        ]

    private static func harm(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0: bytes.removeLast(bytes.count - place)
        case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 3: bytes.insert(contentsOf: bytes.prefix(Int.random(in: 0...40, using: &random)), at: place)
        case 4:
            let depth = [3, 40, 63, 64, 65, 500, 20_000].randomElement(using: &random) ?? 3
            let (open, close) = Bool.random(using: &random) ? ("[", "]") : (#"{"a":"#, "}")
            let nest = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
            bytes = Array("{\"type\":\"NOOP\",\"x\":\(nest)}".utf8)
        case 5: bytes += Array(repeating: 0x20, count: Int.random(in: 0...3_000, using: &random))
        case 6 where Int.random(in: 0..<20, using: &random) == 0:
            bytes += Array(
                repeating: 0x20, count: max(0, (1 << 20) - bytes.count + Int.random(in: -1...1, using: &random)))
        case 7:
            bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        default: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
        }
    }

    private static let stems = [
        "film", "Film", "FILM 1", "é", "e\u{301}", "漢字", "🎬", ".hidden", "-rf", "..", "a..b", "con", "#film#", "4913",
        ".~lock.x", "\n", "\u{202E}x", "film.json", "film.mp4", "x\\y", "%2e%2e", "chosen-1",
        String(repeating: "a", count: 96), String(repeating: "a", count: 97), String(repeating: "b", count: 249),
        String(repeating: "é", count: 124), String(repeating: "🎬", count: 62),
    ]

    private static func name(_ random: inout SeededRandom) -> String {
        let suffixes = [
            ".json", ".json", ".json", ".JSON", ".Json", "", ".tmp", ".json~", ".png", ".json.part", ".jsonl",
        ]
        let name = (stems.randomElement(using: &random) ?? "film") + (suffixes.randomElement(using: &random) ?? "")
        return name.utf8.count <= 255 && name != ".." && name != "." ? name : "film.json"
    }
}
