import JobCore
import Testing

@Suite("Days and places")
struct DayTests {
    @Test(arguments: ["2026-11-22", "2024-02-29", "0000-01-01", "9999-12-31"])
    func day_ofTheCalendar_isRead(text: String) {
        #expect(Day(text)?.text == text)
        #expect(SpoolLayout.place(ofFolder: "done/\(text)") == JobPlace(.done, on: Day(text)))
    }

    @Test(arguments: [
        "", "2026", "2026-11-2", "2026-11-022", "2026-11-31", "2025-02-29", "2026-13-01", "2026-00-10", "2026-11-00",
        "2026/11/22", "2026_11_22", "20261122", "../../meta", "2026-11-22/", " 026-11-22", "+026-11-22", "２026-11-2",
    ])
    func anythingElse_isNoDayAndNeverAPath(text: String) {
        #expect(Day(text) == nil)
        #expect(SpoolLayout.place(ofFolder: "done/\(text)") == nil)
    }

    @Test(arguments: [
        (1_763_855_999_999, "2025-11-22"), (1_763_856_000_000, "2025-11-23"), (0, "1970-01-01"), (-1, "1969-12-31"),
        (Int64.max, "9999-12-31"), (Int64.min, "0000-01-01"),
    ])
    func day_ofAMoment_isThatOfUTC(milliseconds: Int64, text: String) {
        let day = Day(of: Timestamp(milliseconds: milliseconds))
        #expect(day.text == text)
        #expect(Day(day.text) == day)
    }

    @Test(arguments: JobState.allCases)
    func place_isReadBackFromItsFolder(state: JobState) throws {
        let (id, day) = (JobID(resembling: "film", random: 0), try #require(Day("2026-11-22")))
        for place in [JobPlace(state), JobPlace(state, on: day)] {
            let folder = SpoolLayout.folder(of: place)
            #expect(SpoolLayout.place(ofFolder: folder) == place)
            #expect(SpoolLayout.token(id, at: place) == "\(folder)/film-000000.json")
        }
        // Only ended jobs go to rest.
        #expect((JobPlace(state, on: day).day == nil) == !state.isFinal)
        #expect(SpoolLayout.token(id, at: JobPlace(state)) == SpoolLayout.token(id, in: state))
    }

    @Test(arguments: ["queued/2026-11-22", "running/2026-11-22", "work", "done/", "done/2026-11-22/x", "Done", ""])
    func place_ofAnotherFolder_isNone(path: String) {
        #expect(SpoolLayout.place(ofFolder: path) == nil)
    }
}
