import Testing

@Suite("House rules")
struct HouseRulesTests {
    @Test func everySwiftFile_keepsTheHouseRules() {
        let files = SourceTree.swiftFiles(under: "Sources/") + SourceTree.swiftFiles(under: "Tests/")
        #expect(files.count > 20, "the tree was not found at \(SourceTree.root)")
        #expect(files.flatMap(HouseRules.offences) == [])
    }

    @Test func everyProductFile_neverForcesAndExplainsWhatIsPublic() {
        let files = SourceTree.swiftFiles(under: "Sources/")
        let requirements = HouseRules.requirements(in: files)
        #expect(files.flatMap { HouseRules.productOffences(in: $0, requirements: requirements) } == [])
    }

    @Test func tests_awaitSignalsInsteadOfSleeping() {
        #expect(SourceTree.swiftFiles(under: "Tests/").flatMap { SleepingTests.offences(in: $0) } == [])
    }

    @Test func sleepingTests_thatAreListed_existAndHaveAReason() {
        for (path, reason) in SleepingTests.allowed {
            #expect(SourceTree.exists(path) && reason.count > 20, "\(path)")
        }
    }

    @Test func productFiles_areOfReadableSize() throws {
        let counts = SourceTree.swiftFiles(under: "Sources/").map(\.lineCount).sorted()
        let median = try #require(counts.isEmpty ? nil : counts[counts.count / 2])
        #expect((30...150).contains(median), "the median file has \(median) lines")
    }

    @Test(arguments: [
        ("let x = try! f()", 1), ("fatalError(\"x\")", 1), ("usleep(5)", 1), ("// TO" + "DO: later", 1),
        ("let text = \"try! fatalError(\"", 0), ("// never try! here", 0),
        ("final class Box: @unchecked Sendable {}", 1),
        ("// Guarded by the lock.\nfinal class Box: @unchecked Sendable {}", 0),
        ("final class Box: @unchecked Sendable {}  // guarded by the lock", 0),
        ("struct FileManagerHelper {}", 1), ("enum StringUtils {}", 1), ("struct Manager {}", 1),
        ("struct Commons {}", 0),
    ])
    func offences_inASample_areCounted(sample: String, count: Int) {
        let file = SourceTree.File(path: "Sample.swift", text: sample)
        #expect(HouseRules.offences(in: file).count == count)
    }

    @Test func lengths_atTheLimitAndOnePast() {
        func count(_ text: String) -> Int {
            HouseRules.offences(in: SourceTree.File(path: "A.swift", text: text)).count
        }
        #expect(count(String(repeating: "x", count: 120)) == 0)
        #expect(count(String(repeating: "x", count: 121)) == 1)
        #expect(count(String(repeating: "x\n", count: 400)) == 0)
        #expect(count(String(repeating: "x\n", count: 401)) == 1)
        #expect(count("func a() {\n" + String(repeating: "x()\n", count: 68) + "}\n") == 0)
        #expect(count("func a() {\n" + String(repeating: "x()\n", count: 69) + "}\n") == 1)
    }

    @Test(arguments: [
        ("let x = y!", 1), ("let x = f()!.z", 1), ("let x = list[0]!", 1), ("let x = y as! Int", 1), ("var x: Int!", 1),
        ("if !flag, a != b { }", 0), ("let x = \"Done!\"", 0), ("// Done!", 0), ("f(\"a\") != g", 0),
        ("public struct Bare {}", 1), ("/// Told.\npublic struct Told {}", 0), ("public func bare() {", 1),
        ("public func short() {}", 0),
        ("/// Told.\n@discardableResult\npublic func told() {}", 0), ("struct Inner {}", 0),
        ("public static func < (a: Int, b: Int) -> Bool { true }", 0),
    ])
    func productOffences_inASample_areCounted(sample: String, count: Int) {
        let file = SourceTree.File(path: "Sample.swift", text: sample)
        #expect(HouseRules.productOffences(in: file).count == count)
    }

    @Test func requirementOfAProtocol_isExplainedThere() {
        let declaration = "public protocol Disk {\n    /// Reads.\n    func read() -> Int\n}\n"
        let requirements = HouseRules.requirements(in: [SourceTree.File(path: "Disk.swift", text: declaration)])
        let witness = SourceTree.File(path: "Real.swift", text: "public func read() -> Int {\n    5\n}\n")
        #expect(HouseRules.productOffences(in: witness, requirements: requirements) == [])
        #expect(HouseRules.productOffences(in: witness).count == 1)
    }

    @Test func sleep_inATestFile_isAnOffenceUnlessListed() {
        let file = SourceTree.File(path: "Tests/A.swift", text: "try await Task.sleep(for: .seconds(1))\nsleep(1)\n")
        #expect(SleepingTests.offences(in: file).count == 2)
        #expect(SleepingTests.offences(in: file, allowed: ["Tests/A.swift": "measures real time"]) == [])
    }
}
