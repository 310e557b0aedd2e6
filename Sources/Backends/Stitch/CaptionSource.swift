import JobCore

/// Reads a timeline's caption file, and looks whether the machine has the letters.
struct CaptionSource: Sendable {
    let inspector: SourceInspector
    let runner: ProcessRunner
    /// Absolute path of a folder to run in.
    let folder: String

    private static let pointer = StitchCaptions.pointer

    /// What the file holds, nil when the timeline names none.
    ///
    /// - Throws: `invalid_job`, `config_error`, `dependency_failed`.
    func track(_ reference: MediaReference?) async throws -> CaptionTrack? {
        guard let reference else { return nil }
        let (path, _) = try await inspector.locate(reference, Self.pointer, limit: Int64(CaptionTrack.fileLimit))
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let format = CaptionFormat(fileName: name) else {
            throw Failure(.invalidJob, "\(Self.pointer): the name \(name) does not end in .srt, .vtt, .ass or .ssa.")
        }
        let bytes = try await BlockingWork.run {
            ScratchFile.read(path, limit: CaptionTrack.fileLimit)
        }
        guard let bytes else {
            throw Failure(
                .invalidJob,
                "\(Self.pointer): \(name) is no file of at most \(CaptionTrack.fileLimit >> 20) MiB that can be read.")
        }
        return try CaptionTrack.read(bytes, format: format, name: name)
    }

    /// A warning about letters that no font has, before anything is rendered; nil when all are there, or when nobody
    /// can tell.
    func missingLetters(in text: String) async throws -> String? {
        guard !text.isEmpty else { return nil }
        let coverage = FontCoverage(fcList: try await charsets())
        guard !coverage.isEmpty, let missing = MissingCharacters(coverage.missing(in: text)) else { return nil }
        return "\(missing.sentence) \(missing.hint)"
    }

    /// What all fonts of the machine cover, as fontconfig says it; empty where its program is not installed.
    private func charsets() async throws -> String {
        do {
            let command = ProcessCommand("fc-list", FontCoverage.fcListArguments, in: folder)
            // One line a font: those of China and Japan are long.
            let (outcome, text) = try await runner.collect(command, maximumLineBytes: 1 << 20) { _ in }
            return outcome.isSuccess ? text : ""
        } catch let failure as Failure where failure.code == .configError {
            return ""
        }
    }
}
