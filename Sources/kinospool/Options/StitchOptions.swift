import ArgumentParser
import Foundation
import JobCore
import Spool

/// What the joined film should be like.
struct StitchOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Let every clip fade into the next for so many seconds.", valueName: "s"))
    var crossfade: Double?

    @Option(help: ArgumentHelp("Another way from clip to clip: dip, wipe_left, slide_left, ….", valueName: "name"))
    var transition: String?

    @Option(
        name: .customLong("caption"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A text over the picture: \"1.5-4 Once upon a time\".", valueName: "start-end text"))
    var captions: [String] = []

    @Option(name: .customLong("captions"), help: ArgumentHelp("An SRT, VTT or ASS file.", valueName: "file"))
    var captionFile: String?

    @Flag(help: "Captions as a track that the player can switch off, not in the picture.")
    var softCaptions = false

    @Option(help: ArgumentHelp("Music under the film, softer while the clips speak.", valueName: "file"))
    var music: String?

    @Option(help: ArgumentHelp("480p, 720p, 1080p or WxH (default: the first clip's).", valueName: "size"))
    var size: String?

    @Option(help: ArgumentHelp("W:H, for example 9:16.", valueName: "a"))
    var aspect: String?

    @Option(help: ArgumentHelp("Frames a second (default: the first clip's).", valueName: "f"))
    var fps: Double?

    @Option(help: ArgumentHelp("contain, cover, blur or stretch.", valueName: "fit"))
    var fit: String?

    @Option(help: ArgumentHelp("Loudness in LUFS, or off (default: -14).", valueName: "l"))
    var loudness: String?

    @Option(help: ArgumentHelp("-100 to 100, higher first (default: 0).", valueName: "n"))
    var priority: Int?

    func validate() throws {
        if crossfade != nil, transition == "cut" {
            throw ValidationError("A cut takes no time: leave out --crossfade.")
        }
        for caption in captions where Self.caption(caption) == nil {
            throw ValidationError("--caption is \"START-END TEXT\", in seconds (is \"\(caption)\").")
        }
        if captionFile != nil, !captions.isEmpty {
            throw ValidationError("Either --caption or --captions.")
        }
    }

    /// The job. What cannot be is refused where all jobs are checked.
    func draft(clips: [JSONValue]) -> JobDraft {
        var params: [String: JSONValue] = ["clips": .array(clips)]
        params["fit"] = fit.map { .string($0) }
        params["transition"] = transitionValue
        params["captions"] = captionsValue
        params["audio"] = music.map {
            [["path": .string($0), "loop": true, "duck": true, "volume": 0.6, "fade_out": 2]]
        }
        params["loudness"] = loudness.map { text in Double(text).map { .number($0) } ?? .string(text) }
        var output: [String: JSONValue] = [:]
        output["size"] = size.map { .string($0) }
        output["aspect"] = aspect.map { .string($0) }
        output["fps"] = fps.map { .number($0) }
        if !output.isEmpty { params["output"] = .object(output) }
        var document = JobDocument(["type": .string(JobType.export.rawValue), "params": .object(params)])
        if let priority { document[.priority] = .integer(Int64(priority)) }
        return JobDraft(
            source: "the film", folder: FileManager.default.currentDirectoryPath, document: document, naming: .generated
        )
    }

    private var transitionValue: JSONValue? {
        guard crossfade != nil || transition != nil else { return nil }
        var value: [String: JSONValue] = ["type": .string(transition ?? "crossfade")]
        value["duration"] = crossfade.map { .number($0) }
        return .object(value)
    }

    private var captionsValue: JSONValue? {
        var value: [String: JSONValue] = [:]
        if let captionFile { value["file"] = .string(captionFile) }
        let lines = captions.compactMap(Self.caption)
        if !lines.isEmpty { value["lines"] = .array(lines) }
        if softCaptions { value["mode"] = "soft" }
        return value["file"] == nil && value["lines"] == nil ? nil : .object(value)
    }

    /// `1.5-4 Once upon a time`
    private static func caption(_ text: String) -> JSONValue? {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let span = ClipText.span(parts[0]), let end = span.end, let start = span.start else {
            return nil
        }
        return ["text": .string(String(parts[1])), "start": .number(start), "end": .number(end)]
    }
}
