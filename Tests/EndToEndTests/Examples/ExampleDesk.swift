import Foundation
import JobCore
import Testing

/// A desk on which everything lies that the documentation's examples speak of.
struct ExampleDesk: Sendable {
    let desk: Desk

    private static let small = #""duration":1,"resolution":"96x64","seed":7"#
    /// The program under its own name, curl that fails where a server refuses, and another machine that is this one.
    private static let programs = [
        "kinospool": "exec '\(Program.path)' \"$@\"",
        "curl": "exec $(PATH=${PATH#*:} command -v curl) --fail --silent --show-error \"$@\"",
        "ssh": "while case $1 in -*) true;; *) false;; esac; do shift; done; shift; cd \"$HOME\"; exec \"$@\"",
    ]

    /// Commands that tell by their exit code what they found: problems, or that a job failed, as one here shall.
    private static let findings: [String: Int32] = [
        "kinospool doctor": 7, "kinospool orphans": 7, "kinospool serve --once": 4, "kinospool work --once": 4,
    ]

    init(_ desk: Desk) async throws {
        self.desk = desk
        for (name, body) in Self.programs {
            let path = try desk.write("bin/\(name)", "#!/bin/sh\n\(body)\n")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let script = tests.appending(path: "Peers/predecessor_database.py").path
        let examples = tests.deletingLastPathComponent().appending(path: "spool/examples").path
        for folder in ["mnt/disk", "somewhere", "videos", "old", ".config/fish/completions"] {
            try desk.write("\(folder)/.keep", "")
        }
        try await desk.shell(
            """
            cp -r '\(examples)' spool/examples
            python3 '\(script)' videos/jobs.db current 20 \(desk.folder)/old
            clip='ffmpeg -v error -nostdin -y -f lavfi -i testsrc2=s=96x64:r=24 -f lavfi -i sine=f=300'
            for name in a b intro; do $clip -t 5 -shortest $name.mp4; done
            ffmpeg -v error -nostdin -y -f lavfi -i sine=f=200 -t 5 song.mp3
            ffmpeg -v error -nostdin -y -f lavfi -i testsrc2=s=96x64 -frames:v 1 cat.png
            """)
        for id in ["a", "last"] { try desk.write("shots/\(id).json", #"{"type":"NOOP"}"#) }
        for id in ["lighthouse", "shot1", "shot2", "shot3"] { try await submit(id) }
        try desk.write("bad.json", #"{"type":"NOOP","params":{"fail":"config_error"}}"#)
        try #require(try await desk.run("submit", "bad.json").status == 0)
        // One of them fails, as it shall.
        try #require(try await desk.run("serve", "--once").status == 4)
        try await desk.shell("cp -L spool/films/lighthouse.mp4 lighthouse.mp4")
        try #require(try await desk.run("backup", "mnt/disk/studio").status == 0)
    }

    private func submit(_ id: String) async throws {
        try desk.write("jobs/\(id).json", #"{"type":"RENDER","params":{"prompt":"\#(id)",\#(Self.small)}}"#)
        try #require(try await desk.run("submit", "jobs/\(id).json").status == 0)
    }

    /// Runs one line of a block as a person types it.
    ///
    /// - Parameters:
    ///   - settings: what lines before it have set.
    ///   - serving: the daemon that the block has started.
    func run(_ line: String, with settings: [String: String], serving: String?) async throws {
        try await prepare(for: line)
        if Self.isDaemon(line) {
            let daemon = try await serve(line, settings)
            let answer = try await desk.stop(daemon)
            #expect(answer.status == 0, "\(line): \(answer.errors)")
            return
        }
        guard Self.needsDaemon(line) else {
            try await type(line, settings)
            return
        }
        let daemon = try await serve(serving ?? "kinospool serve", settings)
        let port = try await desk.api(daemon).port
        if line.contains("@running") {
            try desk.write("long.json", #"{"type":"NOOP","params":{"seconds":2}}"#)
            try #require(try await desk.run("submit", "long.json").status == 0)
            try await desk.until { desk.count(.running) > 0 }
        }
        try await type(line.replacing(/[\w.]+:8000/, with: "127.0.0.1:\(port)"), settings)
        try await desk.stop(daemon)
    }

    /// What lines set that only set something; the program takes it.
    func settings(of lines: [String]) async throws -> [String: String] {
        let names = lines.compactMap { $0.firstMatch(of: /[A-Z][A-Z0-9_]*/).map { String($0.output) } }
        let script = ["set -a"] + lines + ["kinospool config >/dev/null", "env"]
        let all = try await type(script.joined(separator: "\n"), [:])
        let pairs = all.split(separator: "\n").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        return pairs.reduce(into: [:]) { settings, pair in
            if pair.count == 2, names.contains(pair[0]) { settings[pair[0]] = pair[1] }
        }
    }

    static func isDaemon(_ line: String) -> Bool {
        line.hasPrefix("kinospool serve") && !line.contains("--once")
    }

    static func isSetting(_ line: String) -> Bool { line.prefixMatch(of: /(export )?[A-Z][A-Z0-9_]*=/) != nil }

    /// What ends only when a job does, or speaks to the API.
    private static func needsDaemon(_ line: String) -> Bool {
        ["kinospool wait", "kinospool render", "kinospool stitch", "curl "].contains { line.contains($0) }
    }

    /// The job that examples speak of is as they need it: one that waits, or one that is done.
    private func prepare(for line: String) async throws {
        // Each example stands for itself: what another one made is not there.
        if let film = line.firstMatch(of: /-o (\S+)/) { try await desk.shell("rm -f '\(film.output.1)'") }
        guard line.contains("lighthouse") else { return }
        let mustWait = ["kinospool cancel ", "kinospool edit "].contains { line.hasPrefix($0) }
        guard desk.state("lighthouse") != (mustWait ? .queued : .done) else { return }
        _ = try await desk.run("rm", "lighthouse")
        try await submit("lighthouse")
        guard !mustWait else { return }
        let served = try await desk.run("serve", "--once")
        try #require(served.status == 0 && desk.state("lighthouse") == .done, "\(served.errors)")
    }

    private func serve(_ line: String, _ settings: [String: String]) async throws -> Program.Run {
        let words = mapped(line).split(separator: " ").map(String.init).dropFirst(2)
        let host = words.contains("--host") ? ["--host", "127.0.0.1"] : []
        let others = words.filter { !["--host", "192.168.1.5"].contains($0) }
        let own = ["KINOSPOOL_MIN_FREE": "0", "KINOSPOOL_PORT": "0"]
        let run = try desk.start(["serve"] + host + others, environment: own.merging(settings) { _, new in new })
        try await desk.until(run) { run.errorsSoFar.contains(" ready ") }
        return run
    }

    /// Other machines' paths are folders here.
    private func mapped(_ line: String) -> String {
        let home = desk.folder
        var line = line.replacing(/\bID\b/, with: "lighthouse")
        for folder in ["/mnt/disk", "/somewhere"] { line = line.replacing(folder, with: home + folder) }
        // All of it takes minutes, and measures what runs beside it.
        guard line.hasPrefix("kinospool bench") else { return line }
        return line + (line.contains("--only") ? " --quick" : " --quick --only submit")
    }

    @discardableResult
    private func type(_ line: String, _ settings: [String: String]) async throws -> String {
        let path = "\(desk.folder)/bin:" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
        let setting = Program.Setting(
            arguments: [], folder: desk.folder,
            environment: ["PATH": path, "KINOSPOOL_MIN_FREE": "0"].merging(settings) { _, new in new },
            launcher: ["bash", "-euo", "pipefail", "-c", mapped(line)])
        let answer = try await Program.start(setting).answer()
        let told = Self.findings.first { line.hasPrefix($0.key) }?.value
        #expect(answer.status == 0 || answer.status == told, "\(line): \(answer.status), \(answer.errors)")
        return answer.output
    }
}
