import Foundation
import JobCore
import Testing

@Suite("Documentation")
struct DocumentationTests {
    @Test func errorsPage_isTheTableInTheCode() throws {
        if ProcessInfo.processInfo.environment["KINOSPOOL_RECORD"] == "1" {
            try Data(ErrorsPage.text.utf8).write(to: URL(filePath: "\(SourceTree.root)/\(ErrorsPage.path)"))
        }
        #expect(try SourceTree.text(ErrorsPage.path) == ErrorsPage.text)
    }

    @Test(arguments: FailureCode.allCases)
    func everyErrorCode_hasARowWithAHint(code: FailureCode) throws {
        let row = SettingsPage.rows(ErrorsPage.text).first { $0.first == code.rawValue }
        let cells = try #require(row)
        #expect(cells.count == 4 && cells.allSatisfy { !$0.isEmpty })
    }

    @Test func everySetting_hasARowWithDefaultAndMeaning() throws {
        #expect(SettingsPage.offences(in: try SourceTree.text(SettingsPage.path)) == [])
    }

    @Test func settingsPage_withAMissingHollowOrWrongRow_isAnOffence() {
        func page(_ cells: (SettingKey) -> String) -> String {
            SettingKey.allCases.map { "| `\($0.rawValue)` | \(cells($0)) |\n" }.joined()
        }
        let right = page { "`\($0.defaultText ?? "")` | y" }
        let firstRow = right.prefix { $0 != "\n" }
        #expect(SettingsPage.offences(in: right) == [])
        #expect(SettingsPage.offences(in: right.replacing(firstRow, with: "")) == ["KINOSPOOL_SPOOL has no row"])
        #expect(SettingsPage.offences(in: page { _ in "x | " }).count == SettingKey.allCases.count)
        let wrong = page { "`\($0 == .port ? "9" : $0.defaultText ?? "")` | y" }
        #expect(SettingsPage.offences(in: wrong) == ["KINOSPOOL_PORT has the default 8000"])
    }

    @Test func rsync_readsTheRecordsLast() {
        // A job that moves while a copy runs left queued/ or running/ before they were read; its record is read later.
        let states = JobState.allCases.map(\.rawValue)
        #expect(states.allSatisfy { $0 < SpoolLayout.work && $0 < SpoolLayout.trash })
        #expect(SpoolLayout.folders.max() == SpoolLayout.work)
    }

    @Test func spoolContract_namesEveryFolder() throws {
        let contract = try SourceTree.text("spool/README.md")
        for folder in SpoolLayout.folders { #expect(contract.contains("\(folder)/"), "\(folder)/ is not explained") }
    }

    @Test func everyExample_isAJobThatIsAccepted() throws {
        let examples = SourceTree.files.filter { $0.path.hasPrefix("spool/examples/") && $0.path.hasSuffix(".json") }
        #expect(examples.count >= 5)
        for example in examples {
            let document = try JobDocument(reading: Array(example.text.utf8))
            let request = try JobRequest(document)
            #expect(request.chosenID == nil, "\(example.path) must be free to be dropped twice")
            if case .generate(_, let parameters) = request.work, let image = parameters.image {
                #expect(SourceTree.exists("spool/examples/\(image)"))
            }
        }
    }
}
