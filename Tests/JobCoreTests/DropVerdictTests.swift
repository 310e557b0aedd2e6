import JobCore
import Testing

@Suite("Drop verdict")
struct DropVerdictTests {
    private static let settle = Duration.seconds(2), torn = Duration.seconds(60)
    private static let step = Duration.milliseconds(1)
    private let good = Array(#"{"type": "NOOP"}"#.utf8)

    private func verdict(
        _ contents: Result<[UInt8], DropVerdict.NotReadable>, age: Duration, isClosed: Bool = false
    ) throws -> DropVerdict {
        DropVerdict(contents, DropVerdict.Sighting(age: age, isClosed: isClosed), policy: try Policy())
    }

    private func isSetAside(_ verdict: DropVerdict) -> Bool {
        if case .setAside = verdict { true } else { false }
    }

    @Test func completeFile_isTakenWhenSettled() throws {
        let document = try JobDocument(reading: good)
        #expect(try verdict(.success(good), age: .zero, isClosed: true) == .take(document))
        #expect(try verdict(.success(good), age: Self.settle) == .take(document))
        #expect(try verdict(.success(good), age: Self.settle - Self.step) == .wait(Self.step))
        #expect(try verdict(.success(good), age: .seconds(-5)) == .take(document))
    }

    @Test(arguments: ["", "{", #"{"type": "NO"#, "{]", "\u{0}"])
    func tornFile_waitsUntilItIsOld_evenClosed(text: String) throws {
        let bytes = Array(text.utf8)
        #expect(try verdict(.success(bytes), age: Self.torn - Self.step, isClosed: true) == .wait(Self.step))
        #expect(isSetAside(try verdict(.success(bytes), age: Self.torn)))
        #expect(isSetAside(try verdict(.success(bytes), age: .seconds(-1))))
    }

    @Test(arguments: ["[]", "1", #""text""#, "null"])
    func completeJSONThatIsNoObject_isSetAsideWhenSettled(text: String) throws {
        let bytes = Array(text.utf8)
        #expect(try verdict(.success(bytes), age: Self.settle - Self.step) == .wait(Self.step))
        #expect(isSetAside(try verdict(.success(bytes), age: Self.settle)))
        #expect(isSetAside(try verdict(.success(bytes), age: .zero, isClosed: true)))
    }

    @Test(arguments: [DropVerdict.NotReadable.tooLarge, .folder, .notAllowed])
    func whatMayStillChange_waitsToSettle(reason: DropVerdict.NotReadable) throws {
        #expect(try verdict(.failure(reason), age: Self.settle - Self.step) == .wait(Self.step))
        #expect(isSetAside(try verdict(.failure(reason), age: Self.settle)))
    }

    @Test(arguments: [DropVerdict.NotReadable.symbolicLink, .special])
    func whatCanNeverBeAJob_isSetAsideAtOnce(reason: DropVerdict.NotReadable) throws {
        #expect(isSetAside(try verdict(.failure(reason), age: .zero)))
    }

    @Test func everyPrefixOfAJobFile_isWaitedFor() throws {
        for count in 0..<good.count {
            #expect(try verdict(.success(Array(good.prefix(count))), age: .zero, isClosed: true) == .wait(Self.torn))
        }
    }
}
