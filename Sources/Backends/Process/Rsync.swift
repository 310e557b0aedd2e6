import JobCore

/// Copies folders with the rsync command line, also to and from other machines.
public struct Rsync: Sendable {
    private let runner = ProcessRunner()
    /// Absolute path of the folder to run in.
    private let folder: String

    public init(in folder: String) { self.folder = folder }

    /// rsync(1): some files vanished before they could be transferred. Of a spool that lives that is expected.
    private static let vanished: Int32 = 24

    /// Copies what is in one folder into another.
    ///
    /// - Parameters:
    ///   - options: before the paths; none of them from outside.
    ///   - source: a folder, or `host:folder`; what lies in it is copied, not it itself.
    ///   - onLine: gets what rsync prints to its standard output.
    /// - Throws: `config_error` when rsync is not installed, `disk_full`, `internal_error` with rsync's last words.
    public func copy(
        _ options: [String], from source: String, to target: String,
        onLine: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws {
        let arguments = options + ["--", source.hasSuffix("/") ? source : "\(source)/", target]
        let command = ProcessCommand("rsync", arguments, in: folder)
        let outcome = try await runner.run(command, report: { _ in }, line: onLine)
        if outcome.ending == .exited(Self.vanished) { return }
        try outcome.requireSuccess(of: command)
    }
}
