import Foundation
import JobCore
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (1_795_442_635_123, "2026-11-23T14:03:55.123Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            // Beyond four digits of years the text stands still.
            (.min, "0000-01-01T00:00:00.000Z"), (.max, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func text_ofKnownMoments_isRFC3339(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).text == text)
    }

    @Test func textAndBack_randomMoments_areEqual() {
        var random = SeededRandom(11)
        var failures: [String] = []
        for _ in 0..<20_000 {
            let time = Timestamp(milliseconds: .random(in: -62_167_219_200_000...253_402_300_799_999, using: &random))
            if Timestamp(time.text) != time { failures.append(time.text) }
        }
        #expect(failures == [])
    }

    @Test func text_everyDayOfFourCenturies_agreesWithFoundation() {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        var failures: [String] = []
        for day in stride(from: -80_000, through: 80_000, by: 7) {
            let time = Timestamp(milliseconds: Int64(day) * 86_400_000 + 500)
            if time.text != Date(timeIntervalSince1970: Double(day) * 86_400 + 0.5).formatted(style) {
                failures.append(time.text)
            }
        }
        #expect(failures == [])
    }

    @Test(
        arguments: [
            ("2026-11-23T15:03:55+01:00", 1_795_442_635_000), ("2026-11-23t14:03:55z", 1_795_442_635_000),
            ("2026-11-23 09:33:55.1-04:30", 1_795_442_635_100), ("2026-11-23T14:03:55.123999Z", 1_795_442_635_123),
            ("2026-11-23T14:03:55.12Z", 1_795_442_635_120), ("2016-12-31T23:59:60Z", 1_483_228_800_000),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000),
        ] as [(String, Int64)])
    func init_otherFormsOfRFC3339_areRead(text: String, milliseconds: Int64) {
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-11-23", "2026-11-23T14:03Z", "2026-11-23T14:03:55", "2026-11-23T14:03:55.Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
        "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01", "2026-01-01T00:00:00Z ", " 2026-01-01T00:00:00Z",
        "26-01-01T00:00:00Z", "+026-01-01T00:00:00Z", "2026-1-01T00:00:00Z", "2026-01-01T00:00:00ZZ", "tomorrow",
        "２026-01-01T00:00:00Z",
    ])
    func init_badText_isNil(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func advanced_atTheEndsOfTheRange_stops() {
        #expect(Timestamp(milliseconds: .max).advanced(byMilliseconds: 1).milliseconds == .max)
        #expect(Timestamp(milliseconds: .min).advanced(byMilliseconds: -1).milliseconds == .min)
        #expect(Timestamp(milliseconds: 5).advanced(byMilliseconds: -7).milliseconds == -2)
    }

    @Test func compactText_sortsLikeTheMoments() {
        var random = SeededRandom(12)
        let times = (0..<500).map { _ in Timestamp(milliseconds: .random(in: 0...4_102_444_800_000, using: &random)) }
        #expect(times.sorted().map(\.compactText) == times.map(\.compactText).sorted())
        #expect(Timestamp(milliseconds: 1_795_442_635_123).compactText == "20261123-140355123")
    }
}
