import Glibc
public import JobCore

/// Reads the recipe out of a film or sound that may come from anywhere.
///
/// Invariants:
/// 1. Only regular files are opened, by ffprobe, as one of a few containers that name no further files.
/// 2. No stream is decoded, no more is read than a recipe may be long, and it ends within its time.
public struct RecipeProbe: Sendable {
    /// Containers that films and sounds come in; playlists and scripts, which name other files, are none of them.
    private static let containers = "mov,matroska,ogg,mp3,flac,wav,avi,mpegts,asf"
    /// ffprobe writes the text as JSON, in which a byte may become six.
    private static let maximumLineBytes = Recipe.maximumBytes * 6 + 1024

    private let ffprobe: String
    private let timeLimit: Duration
    private let runner = ProcessRunner()

    /// - Parameter timeLimit: how long ffprobe may take.
    public init(configuration: BackendConfiguration = BackendConfiguration(), timeLimit: Duration = .seconds(20)) {
        (ffprobe, self.timeLimit) = (configuration.ffprobe, timeLimit)
    }

    /// The recipe in a file.
    ///
    /// - Parameter path: absolute.
    /// - Throws: `RecipeProblem`; `config_error` when ffprobe is not installed; `CancellationError`.
    public func recipe(of path: String) async throws -> Recipe {
        try await BlockingWork.run { try Self.requireRegularFile(path) }
        let arguments = [
            "-v", "error", "-protocol_whitelist", "file", "-format_whitelist", Self.containers, "-nofind_stream_info",
            "-show_entries", "format_tags=comment:stream_tags=comment", "-of", "json", "file:\(path)",
        ]
        let command = ProcessCommand(ffprobe, arguments, in: "/")
        guard let (outcome, text) = try await answer(command) else { throw RecipeProblem(path, .tookTooLong) }
        guard outcome.isSuccess else {
            // "Invalid argument" is ffprobe's word for a container that it may not open here.
            let words = outcome.lastLine.replacing("file:\(path): ", with: "")
            throw RecipeProblem(path, .notAFilm(words == "Invalid argument" ? "" : words))
        }
        guard let comment = try Self.comment(in: text, of: path) else {
            throw RecipeProblem(path, .unreadable(.noRecipe))
        }
        do {
            return try Recipe(comment)
        } catch {
            throw RecipeProblem(path, .unreadable(error))
        }
    }

    private static func requireRegularFile(_ path: String) throws(RecipeProblem) {
        var facts = stat()
        guard stat(path, &facts) == 0 else { throw RecipeProblem(path, .noSuchFile) }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw RecipeProblem(path, .notAFile) }
    }

    /// What ffprobe says; nil when its time is over.
    private func answer(_ command: ProcessCommand) async throws -> (ProcessOutcome, String)? {
        try await withThrowingTaskGroup(of: (ProcessOutcome, String)?.self) { group in
            group.addTask { [runner] in
                try await runner.collect(command, maximumLineBytes: Self.maximumLineBytes) { _ in }
            }
            group.addTask { [timeLimit] in
                try await Task.sleep(for: timeLimit)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// The first comment of the file or of one of its streams; containers differ in how they write the tag's name.
    private static func comment(in text: String, of path: String) throws(RecipeProblem) -> String? {
        guard let fields = try? JSONReader.read(Array(text.utf8)).object else {
            // A line that was cut at its limit is no JSON any more.
            throw RecipeProblem(path, .unreadable(.tooLarge))
        }
        let holders = [fields["format"]] + (fields["streams"]?.array ?? [])
        return holders.lazy.compactMap { holder in
            holder?.object?["tags"]?.object?.first { $0.key.lowercased() == "comment" }?.value.string
        }.first
    }
}
