import Foundation
import JobCore
import Testing

/// Pages that are written by hand, where they repeat what the code says.
@Suite("Pages")
struct PagesTests {
    @Test func changelog_beginsWithTheVersionOfTheProgram() throws {
        let changelog = try SourceTree.text("CHANGELOG.md")
        let released = try #require(changelog.firstMatch(of: /## \[([0-9][^\]]*)\]/)).output.1
        #expect(KinospoolVersion.text == released)
    }

    @Test func commandsPage_hasEveryCommandAndOption_andNoOther() throws {
        #expect(CommandsPage.commands.count >= 15)
        #expect(CommandsPage.offences(in: try SourceTree.text(CommandsPage.path)) == [])
    }

    @Test func commandsPage_withAWrongSample_isAnOffence() {
        let commands = [
            CommandsPage.Command(name: "serve", options: ["--once"]), CommandsPage.Command(name: "ls", options: []),
        ]
        let example = "```sh\nkinospool serve --twice --json\necho x | kinospool fly\n```\n"
        let page = "\n### serve\n\n\(example)\n## JSON --once\n"
        #expect(
            CommandsPage.offences(in: page, commands: commands) == [
                "serve has --once", "ls has no section", "no --twice: kinospool serve --twice --json",
                "no command: kinospool fly",
            ])
    }

    @Test func commandsPage_hasTheExitCodesOfTheProgram() throws {
        let help = try SourceTree.text("Tests/EndToEndTests/Golden/help/exit-codes.txt")
        let codes = help.matches(of: /\n +([0-9]+)  ([A-Z].*)/).map { "| \($0.output.1) | \($0.output.2) |" }
        #expect(codes.count >= 14)
        let lines = Set(try SourceTree.text(CommandsPage.path).split(separator: "\n").map(String.init))
        #expect(codes.filter { !lines.contains($0) } == [])
    }

    @Test func commandsPage_hasEveryKeyOfTheJSON() throws {
        let id = try #require(JobID("a"))
        let view = JobView(
            id: id, state: .done, typeName: "NOOP", createdAt: Timestamp(milliseconds: 0),
            updatedAt: Timestamp(milliseconds: 0))
        let keys = try #require(view.json(at: Timestamp(milliseconds: 0), policy: try Policy()).object).keys.sorted()
        let page = try SourceTree.text(CommandsPage.path)
        #expect(keys.filter { !page.contains("`\($0)`") } == [])
    }

    @Test func jobFilePage_hasEveryKeyAndType() throws {
        let page = try SourceTree.text("Documentation/job-file.md")
        let names = JobDocument.Key.allCases.map(\.rawValue) + JobType.allCases.map(\.rawValue)
        #expect(names.filter { !page.contains("`\($0)`") } == [])
    }

    @Test func everyDecision_hasItsNumberAndTheSameHeadings() {
        let decisions = SourceTree.files.filter { $0.path.hasPrefix("Documentation/decisions/") }
        #expect(decisions.count >= 8)
        for (index, decision) in decisions.enumerated() {
            #expect(decision.path.contains("/000\(index + 1)-") || index > 8, "\(decision.path)")
            #expect(decision.text.hasPrefix("# \(index + 1). "), "\(decision.path)")
            let headings = decision.lines.filter { $0.hasPrefix("## ") }
            #expect(headings == ["## The question", "## The decision", "## Why", "## The price"], "\(decision.path)")
        }
    }
}
