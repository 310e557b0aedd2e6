import Testing

@testable import kinospool

@Suite("Global options before the command")
struct LeadingOptionsTests {
    @Test(arguments: [
        (["-C", "dir", "ls"], ["ls", "-C", "dir"]),
        (["--spool=dir", "--json", "show", "x", "--quiet"], ["show", "--spool=dir", "--json", "x", "--quiet"]),
        (["ls", "-C", "dir"], ["ls", "-C", "dir"]),
        (["--json"], ["--json"]),
        (["-C", "dir", "--version"], ["-C", "dir", "--version"]),
        (["-C"], ["-C"]),
        (["--unknown", "ls"], ["--unknown", "ls"]),
    ])
    func leadingOptions_standBehindTheCommand(_ arguments: [String], _ expected: [String]) {
        #expect(LeadingOptions.movedBehindCommand(arguments) == expected)
    }
}
