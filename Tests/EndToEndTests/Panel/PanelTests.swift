import Foundation
import Testing

/// The control panel: its modules by themselves, and the page in a real browser on a real daemon.
///
/// What it needs, `Scripts/install-packages --tests` brings. A browser that is missing fails the tests, it does not
/// skip them. The pages take minutes and measure what runs beside them: they run alone, with `KINOSPOOL_BROWSER=1`.
@Suite(.serialized, .timeLimit(.minutes(10))) struct PanelTests {
    /// Where Deno, Playwright and axe are.
    private static let tools: String = {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "/root")/.cache"
        return "\(cache)/kinospool/peers/panel-1/bin"
    }()

    /// The folder of the repository.
    private static let root: String = {
        var url = URL(filePath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.path
    }()

    /// Runs a tool in the repository; fails with what it said where it is not content.
    private func run(_ line: String) async throws {
        try await Desk.use(isEmpty: true) { desk in
            do {
                let place = "cd '\(Self.root)' && export PATH='\(Self.tools)':$PATH"
                try await desk.shell("\(place) && \(line) > '\(desk.folder)/log' 2>&1")
            } catch {
                Issue.record("\(line): \(desk.read("\(desk.folder)/log")?.suffix(8000) ?? "no output")")
            }
        }
    }

    private static let mayUseBrowser = ProcessInfo.processInfo.environment["KINOSPOOL_BROWSER"] == "1"
    private let deno = "NO_COLOR=1 DENO_NO_UPDATE_CHECK=1 deno"
    private let settings = "-q -c Tests/Panel/deno.json"
    private let modules = "Sources/Web/Panel/*.js Tests/Panel/*.js"

    @Test func modules_haveTheTypesTheySay() async throws {
        try await run("\(deno) check \(settings) --no-remote --no-npm \(modules)")
    }

    @Test func modules_areFormattedAndHaveNoLint() async throws {
        try await run("\(deno) fmt \(settings) --check \(modules)")
        try await run("\(deno) lint \(settings) \(modules)")
    }

    @Test func modules_passTheirTests() async throws {
        let arguments = "--no-check --no-remote --no-npm --allow-read=. Tests/Panel"
        try await run("\(deno) test \(settings) \(arguments)")
    }

    /// One file of browser tests at a time: what runs beside it is measured, too.
    @Test(.enabled(if: PanelTests.mayUseBrowser), arguments: ["look", "ways", "live"])
    func page_inABrowser(file: String) async throws {
        let pytest = "python -m pytest -q -p no:cacheprovider --tb=short Tests/Panel/browser/test_\(file).py"
        try await run("PYTHONDONTWRITEBYTECODE=1 KINOSPOOL_BINARY='\(Program.path)' \(pytest)")
    }
}
