import Foundation
import JobCore
import Testing

/// Laws over many seeded values; each failure prints its seed or its text.
@Suite struct JSONPropertyTests {
    @Test func writeAndRead_randomValues_areEqualAgain() throws {
        var failures: [String] = []
        for seed in 0..<2000 as Range<UInt64> {
            var random = SeededRandom(seed)
            let value = random.value(depth: 5)
            let pretty = JSONWriter.pretty(value)
            let compact = JSONWriter.compact(value)
            let isEqual = try JSONReader.read(pretty) == value && JSONReader.read(Array(compact.utf8)) == value
            if !isEqual || compact.contains("\n") || pretty.last != 0x0A { failures.append("seed \(seed)") }
            if try JSONWriter.pretty(JSONReader.read(pretty)) != pretty { failures.append("seed \(seed): other bytes") }
        }
        #expect(failures == [])
    }

    @Test func writtenText_isReadAlikeByFoundation() throws {
        var failures: [String] = []
        for seed in 3000..<3400 as Range<UInt64> {
            var random = SeededRandom(seed)
            let value = JSONValue.object(random.members(depth: 4))
            let foreign = try JSONSerialization.jsonObject(with: Data(JSONWriter.pretty(value)))
            if !Self.isEqual(value, foreign) { failures.append("seed \(seed)") }
        }
        #expect(failures == [])
    }

    @Test func read_properPrefixOfAnObject_neverReads() {
        var failures: [String] = []
        for seed in 5000..<5150 as Range<UInt64> {
            var random = SeededRandom(seed)
            let bytes = JSONWriter.pretty(.object(random.members(depth: 3))).dropLast()
            for count in 0..<bytes.count {
                do {
                    _ = try JSONReader.read(Array(bytes.prefix(count)))
                    failures.append("seed \(seed): \(count) bytes read")
                } catch  where !error.isIncomplete {
                    failures.append("seed \(seed): \(count) bytes are not incomplete: \(error.reason)")
                } catch {}
            }
        }
        #expect(failures == [])
    }

    @Test func read_mutatedObjects_agreesWithFoundation() {
        var failures: [String] = []
        var accepted = 0
        for seed in 7000..<10_000 as Range<UInt64> {
            var random = SeededRandom(seed)
            let bytes = Self.mutated(&random)
            let ours = (try? JSONReader.read(bytes))?.object != nil
            let theirs = (try? JSONSerialization.jsonObject(with: Data(bytes))) is [String: Any]
            if ours { accepted += 1 }
            // A number beyond Double, a NUL and a key that stands twice are ours alone to refuse.
            if ours != theirs, !(theirs && Self.isStricter(bytes)) {
                failures.append("seed \(seed), ours \(ours): \(String(decoding: bytes, as: UTF8.self))")
            }
        }
        #expect(failures == [])
        #expect((100...2900).contains(accepted), "the mutations must leave both kinds: \(accepted)")
    }

    /// ASCII only: the two disagree on nothing else that a file system or an editor would do to a text.
    private static func mutated(_ random: inout SeededRandom) -> [UInt8] {
        let base =
            #"{"type":"RENDER","params":{"prompt":"a \"b\" \u00e9","seed":42,"f":-1.5e3,"l":[true,false,null,{}]}}"#
        var bytes = Array(base.utf8)
        let alphabet = Array("{}[]:,\"\\0123456789.eE+-truefalsn u/ \n\t".utf8)
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            let byte = alphabet.randomElement(using: &random) ?? 0x20
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = byte
            case 1: bytes.insert(byte, at: place)
            case 2: bytes.remove(at: place)
            default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &random))
            }
        }
        return bytes
    }

    private static func isStricter(_ bytes: [UInt8]) -> Bool {
        do {
            _ = try JSONReader.read(bytes)
            return false
        } catch {
            return ["twice", "NUL", "too large"].contains { error.reason.contains($0) }
        }
    }

    private static func isEqual(_ value: JSONValue, _ foreign: Any) -> Bool {
        switch value {
        case .null: return foreign is NSNull
        case .bool(let flag): return (foreign as? Bool) == flag
        case .integer(let number): return (foreign as? NSNumber)?.int64Value == number
        case .number(let number): return (foreign as? NSNumber)?.doubleValue == number
        case .string(let text): return (foreign as? String) == text
        case .array(let elements):
            guard let others = foreign as? [Any], others.count == elements.count else { return false }
            return zip(elements, others).allSatisfy(isEqual)
        case .object(let members):
            guard let others = foreign as? [String: Any], others.count == members.count else { return false }
            return members.allSatisfy { key, member in others[key].map { isEqual(member, $0) } ?? false }
        }
    }
}
