import Foundation
import JobCore
import TestSupport
import Testing

/// A person's working folder with a spool in it, and the program at hand.
struct Desk: Sendable {
    /// Absolute path.
    let folder: String
    /// What must stand nowhere on it.
    var hunt: SecretHunt?

    /// Gives the body a desk of its own and clears it away.
    ///
    /// - Parameter hunt: afterwards what it looks for must stand nowhere.
    static func use(
        isEmpty: Bool = false, hunting hunt: SecretHunt? = nil, at location: SourceLocation = #_sourceLocation,
        _ body: (Desk) async throws -> Void
    ) async throws {
        let url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appending(path: "kinospool-desk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        let desk = Desk(folder: url.path)
        if !isEmpty {
            let answer = try await desk.run("init", "--quiet")
            try #require(answer.status == 0)
        }
        guard let hunt else { return try await body(desk) }
        let hunted = try desk.hunting(hunt)
        try await body(hunted)
        try hunted.expectNoSecrets(at: location)
    }

    /// Runs the program to its end.
    @discardableResult
    func run(
        _ arguments: String..., input: String = "", environment: [String: String] = [:],
        terminal: PseudoTerminal? = nil
    ) async throws -> Program.Answer {
        try await start(arguments, input: input, environment: environment, terminal: terminal).answer()
    }

    /// Starts the program.
    func start(
        _ arguments: [String], input: String = "", environment: [String: String] = [:],
        terminal: PseudoTerminal? = nil, launcher: [String] = []
    ) throws -> Program.Run {
        var setting = Program.Setting(
            arguments: arguments, folder: folder, environment: environment, input: input, terminal: terminal,
            launcher: launcher)
        guard hunt != nil else { return try Program.start(setting) }
        setting.environment = ["PATH": shims.path].merging(environment) { _, new in new }
        // What a person asks for may be a link; what a daemon prints goes into logs.
        if ["serve", "work"].contains(arguments.first) { setting.printed = URL(filePath: "\(folder)/\(Self.printed)") }
        let run = try Program.start(setting)
        try note(run, arguments)
        return run
    }

    /// Waits until the spool's folders or the messages of runs make something true.
    func until(_ runs: Program.Run..., condition: @escaping @Sendable () throws -> Bool) async throws {
        let folders = JobState.allCases.map(\.rawValue) + [SpoolLayout.films, SpoolLayout.trash]
        let paths = folders.map { "\(folder)/spool/\($0)" } + runs.map(\.errorsPath)
        try await ChangeSignal.wait(for: paths, until: condition)
    }

    /// Writes a file on the desk.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let url = URL(filePath: folder).appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    /// Submits a job that does nothing, under this id.
    func submit(_ id: String, _ params: String = "{}", type: String = "NOOP") async throws {
        try write("jobs/\(id).json", #"{"type":"\#(type)","params":\#(params)}"#)
        let answer = try await run("submit", "jobs/\(id).json")
        try #require(answer.output == "\(id)\n", "\(answer.errors)")
    }

    /// Moves a job as a person does it, with `mv`.
    func move(_ id: String, from old: JobState, to new: JobState) throws {
        try FileManager.default.moveItem(
            atPath: "\(folder)/spool/\(old.rawValue)/\(id).json", toPath: "\(folder)/spool/\(new.rawValue)/\(id).json")
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name)") }

    /// The text of a file by its absolute path, nil when there is none.
    func read(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    /// Copies a whole folder, as `cp -a` does.
    func copy(_ name: String, to other: String) throws {
        try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(folder)/\(other)")
    }

    /// The one object that a text holds.
    static func object(_ text: String) throws -> [String: JSONValue] {
        try #require(try JSONReader.read(Array(text.utf8)).object)
    }
}
