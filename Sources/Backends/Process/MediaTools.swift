public import JobCore

/// Looks whether the programs that films need are here, and can what is asked of them.
public struct MediaTools: Sendable {
    private let runner = ProcessRunner()
    /// Absolute path of the folder to run in.
    private let folder: String

    public init(in folder: String) { self.folder = folder }

    /// Without these nothing is made.
    private static let encoders = ["libx264", "aac"]
    /// Without these a codec that a job may ask for is missing.
    private static let furtherEncoders = ["libx265", "libsvtav1"]
    private static let filters = [
        "ass", "drawtext", "scale", "pad", "crop", "fps", "xfade", "acrossfade", "loudnorm", "ebur128", "amix",
        "sidechaincompress", "zoompan", "tile",
    ]

    /// ffmpeg and ffprobe.
    public func ffmpeg() async -> [Finding] {
        let fix = "install ffmpeg, for example: apt install ffmpeg"
        for program in ["ffprobe", "ffmpeg"] where await text(program, ["-hide_banner", "-version"]) == nil {
            return [Finding(.ffmpeg, .problem, "\(program) is not on PATH, or does not run", fix: fix)]
        }
        let version = await text("ffmpeg", ["-hide_banner", "-version"])?.split(separator: " ").dropFirst(2).first
        let encoders = names(in: await text("ffmpeg", ["-hide_banner", "-encoders"]))
        let filters = names(in: await text("ffmpeg", ["-hide_banner", "-filters"]))
        let missing = Self.encoders.filter { !encoders.contains($0) } + Self.filters.filter { !filters.contains($0) }
        guard missing.isEmpty else {
            let list = missing.joined(separator: ", ")
            return [Finding(.ffmpeg, .problem, "ffmpeg \(version ?? "") lacks \(list)", fix: fix)]
        }
        let lacking = Self.furtherEncoders.filter { !encoders.contains($0) }
        guard lacking.isEmpty else {
            let list = lacking.joined(separator: ", ")
            return [
                Finding(
                    .ffmpeg, .warning, "ffmpeg \(version ?? "") lacks \(list): hevc or av1 cannot be made",
                    fix: "install an ffmpeg with them")
            ]
        }
        return [Finding(.ffmpeg, .ok, "ffmpeg \(version ?? "") has the \(Self.filters.count) filters that films need")]
    }

    /// Fonts, as fontconfig tells them.
    public func fonts() async -> Finding {
        guard let list = await text("fc-list", [":", "family"]) else {
            return Finding(
                .fonts, .warning, "fc-list is not here: nobody can tell which letters captions lack",
                fix: "apt install fontconfig")
        }
        let families = Set(list.split(separator: "\n"))
        guard !families.isEmpty else {
            return Finding(
                .fonts, .problem, "there is no font: captions and cards stay empty",
                fix: "apt install fonts-dejavu-core")
        }
        return Finding(.fonts, .ok, "\(families.count) families")
    }

    /// The local voice.
    public func speech() async -> Finding {
        guard await text("espeak-ng", ["--version"]) != nil else {
            return Finding(
                .speech, .warning, "espeak-ng is not here: the preview speaks with ffmpeg's own English voice",
                fix: "apt install espeak-ng")
        }
        return Finding(.speech, .ok, "espeak-ng")
    }

    /// What a program prints; nil when it is not there or fails.
    private func text(_ program: String, _ arguments: [String]) async -> String? {
        let command = ProcessCommand(program, arguments, in: folder)
        guard let (outcome, text) = try? await runner.collect(command, report: { _ in }), outcome.isSuccess else {
            return nil
        }
        return text
    }

    /// The second word of each line: ` V....D libx264 …`, ` T.. scale …`.
    private func names(in list: String?) -> Set<String> {
        let words = (list ?? "").split(separator: "\n").compactMap { $0.split(separator: " ").dropFirst().first }
        return Set(words.map { String($0) })
    }
}
