import Testing

/// Harmed files for as long as `Scripts/torture` gives it.
@Suite(.enabled(if: FuzzRun.torture != nil))
struct FuzzTorture {
    @Test func drop_ofHarmedFilesForAWhile_losesNothing() throws {
        let run = try #require(FuzzRun.torture)
        let failure = try run.failure { print("torture: fuzzed files \($0)") }
        if let failure { Issue.record(Comment(rawValue: failure)) }
    }
}
