import Testing

/// The examples of the documentation, run as they stand there.
@Suite(.timeLimit(.minutes(10))) struct ExampleTests {
    @Test(arguments: ExamplePage.all) func everyExample_ofAPage_runs(page: ExamplePage) async throws {
        try await Desk.use { desk in
            let examples = try await ExampleDesk(desk)
            for block in page.blocks {
                let lines = block.filter { !ExampleDesk.isSetting($0) }
                let settings = try await examples.settings(of: block.filter(ExampleDesk.isSetting))
                let daemon = lines.first(where: ExampleDesk.isDaemon)
                for line in lines { try await examples.run(line, with: settings, serving: daemon) }
            }
        }
    }

    @Test func blocks_areWhatIsMarkedAsShell_withoutRemarks() {
        let text =
            "a\n```sh\nkinospool ls   # all\ncurl a \\\n  -d '#1'\nswift build\n```\n"
            + "```json\n{}\n```\n```sh\n# x\n```\n"
        #expect(ExamplePage.blocks(in: text) == [["kinospool ls", "curl a -d '#1'"]])
    }

    @Test func pages_withCommands_areFound() {
        #expect(ExamplePage.all.map(\.path).contains("Documentation/cli.md"))
        #expect(ExamplePage.all.reduce(0) { $0 + $1.blocks.joined().count } > 50)
    }
}
