import Foundation
import Testing

/// What `Scripts/install` brings, below a folder of its own.
@Suite struct InstallTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    private func install(_ desk: Desk, _ arguments: String = "") async throws {
        let script = "'\(Self.root)/Scripts/install' --destdir '\(desk.folder)/at'"
        try await desk.shell("KINOSPOOL_BUILT='\(Program.path)' \(script) \(arguments) 2>log")
    }

    @Test func install_bringsProgramManualCompletionsAndAUnitThatSystemdTakes() async throws {
        try await Desk.use(isEmpty: true) { desk in
            try await install(desk, "--user-name games --spool /var/games")
            for file in [
                "bin/kinospool", "share/man/man1/kinospool.1", "share/man/man1/kinospool-submit.1",
                "share/bash-completion/completions/kinospool", "share/doc/kinospool/operations.md",
            ] { #expect(desk.exists("at/usr/local/\(file)"), "\(file)") }
            let unit = "\(desk.folder)/at/etc/systemd/system/kinospool.service"
            let text = try #require(desk.read(unit))
            #expect(!text.contains(/@[A-Z]+@/) && text.contains("User=games\n"))
            // systemd looks for the program where the unit has it.
            try await desk.shell("sed 's#/usr/local/bin#\(desk.folder)/at&#' '\(unit)' > kinospool.service")
            try await desk.shell("systemd-analyze verify --man=no ./kinospool.service")
            try await desk.shell("systemd-analyze security --offline=true --threshold=25 ./kinospool.service >score")
            let settings = "\(desk.folder)/at/etc/kinospool.env"
            try desk.write("at/etc/kinospool.env", "RUNPOD_ENDPOINT=x\n")
            try await install(desk)
            #expect(desk.read(settings) == "RUNPOD_ENDPOINT=x\n", "settings are never overwritten")
            try await install(desk, "--uninstall")
            #expect(!desk.exists("at/usr/local/bin/kinospool") && desk.exists("at/etc/kinospool.env"))
        }
    }

    @Test(arguments: ["--spool relative", "--user-name 'a;b'", "--spool '/x y'", "--what"])
    func install_withWhatItCannotTake_changesNothing(arguments: String) async throws {
        try await Desk.use(isEmpty: true) { desk in
            await #expect(throws: (any Error).self) { try await install(desk, arguments) }
            #expect(!desk.exists("at"))
        }
    }

    @Test func manualPages_holdEveryCommandAndNoOrders() async throws {
        try await Desk.use(isEmpty: true) { desk in
            try await desk.shell("'\(Self.root)/Scripts/manual' '\(Program.path)' man")
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(desk.folder)/man")
            #expect(names.count > 25)
            for name in names {
                let text = desk.read("\(desk.folder)/man/\(name)") ?? ""
                let body = text.components(separatedBy: ".nf\n").last?.components(separatedBy: "\n.fi\n").first ?? ""
                #expect(!body.isEmpty && !body.contains("\n."), "\(name)")
            }
        }
    }
}
