import JobCore
import Testing

@Suite("Object storage: what becomes of objects")
struct StoragePlanTests {
    private static let id = JobID(resembling: "boats", random: 1)
    private static let mine = StorageFolder(newFor: id, attempt: 2)
    private static let other = StorageFolder(newFor: id, attempt: 2)
    private static let place = StoragePlace(bucket: "films", endpoint: "http://127.0.0.1:9000/")

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let evidence: StorageEvidence
        let step: StoragePlan.Step

        init(_ name: String, _ evidence: StorageEvidence, _ step: StoragePlan.Step) {
            (testDescription, self.evidence, self.step) = (name, evidence, step)
        }
    }

    private static func done(
        _ folder: StorageFolder?, isPublished: Bool = true, outcome: JobState? = .done, in state: JobState = .done
    ) -> StorageEvidence {
        let publication = folder.map { Publication($0, at: place, isPublished: isPublished) }
        return StorageEvidence(token: .init(state, attempt: 2, outcome: outcome, publication: publication))
    }

    private static func token(_ state: JobState, attempt: Int = 2, outcome: JobState? = nil) -> StorageEvidence {
        StorageEvidence(token: .init(state, attempt: attempt, outcome: outcome))
    }

    static let rows: [Row] = [
        Row("done, published", done(mine), .forget),
        Row("done, waiting", done(mine, isPublished: false), .publish),
        Row("done, with other objects", done(other), .withdraw),
        Row("done, without objects", done(nil), .withdraw),
        Row("done, a retry was cut short", done(mine, outcome: nil), .wait),
        Row("done by a person's verdict", token(.done), .withdraw),
        Row("its attempt runs, nobody owns it", token(.running), .wait),
        Row("a later attempt runs", token(.running, attempt: 3), .withdraw),
        Row("an earlier attempt runs: a torn token", token(.running, attempt: 0), .wait),
        Row("back in the queue", token(.queued), .withdraw),
        Row("canceled", token(.canceled, outcome: .canceled), .withdraw),
        Row("canceled by hand a moment ago", done(mine, in: .canceled), .withdraw),
        Row("failed", token(.failed, outcome: .failed), .withdraw),
        Row("silent, failed a moment ago", token(.failed), .withdraw),
        Row("done, moved to failed/ by hand", done(mine, in: .failed), .wait),
        Row("deleted", StorageEvidence(token: nil, hasRecord: false), .withdraw),
        Row("being deleted", StorageEvidence(token: nil, isDeleted: true), .withdraw),
        Row("a record without a token: perhaps a torn copy", StorageEvidence(token: nil), .wait),
    ]

    @Test(arguments: rows) func step_followsFromTheEvidence(row: Row) {
        #expect(StoragePlan.step(for: Self.mine, row.evidence) == row.step)
    }

    /// Invariant 1.
    @Test(arguments: rows) func step_whileSomebodyWorksOnTheJob_isToWait(row: Row) {
        var evidence = row.evidence
        evidence.isOwned = true
        #expect(StoragePlan.step(for: Self.mine, evidence) == .wait)
    }

    /// Invariant 2: of all evidence there can be, objects that a done job names are never withdrawn, and those of a
    /// job that has ended otherwise are never stored.
    @Test func step_forAllEvidence_keepsWhatIsNamed_andStoresNothingElse() {
        for state in JobState.allCases {
            for outcome in [nil] + JobState.allCases.map(Optional.init) {
                for folder in [nil, Self.mine, Self.other] {
                    for isPublished in [true, false] {
                        var evidence = Self.done(folder, isPublished: isPublished, outcome: outcome, in: state)
                        evidence.token?.attempt = 2
                        let step = StoragePlan.step(for: Self.mine, evidence)
                        let isNamed = state == .done && outcome == .done && folder == Self.mine
                        #expect((step == .publish) == (isNamed && !isPublished))
                        #expect((step == .forget) == (isNamed && isPublished))
                        if isNamed { #expect(step != .withdraw) }
                    }
                }
            }
        }
    }

    @Test func delay_doubles_upToTenMinutes() {
        #expect(
            [1, 2, 3, 8, 9, 1000].map { StoragePace.delay(after: $0) }
                == [5, 10, 20, 600, 600, 600].map { Duration.seconds($0) })
    }
}
