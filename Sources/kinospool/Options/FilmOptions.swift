import ArgumentParser
import Foundation
import JobCore
import Spool

/// What a film should be like.
struct FilmOptions: ParsableArguments {
    @Option(name: [.customShort("i"), .customLong("image")], help: "Begin with this picture: a file or a URL.")
    var image: String?

    @Option(name: [.customShort("n"), .customLong("takes")], help: ArgumentHelp("How many takes.", valueName: "n"))
    var takes = 1

    @Option(help: ArgumentHelp("Length in seconds.", valueName: "s"))
    var duration: Double?

    @Option(help: ArgumentHelp("480p, 720p, 1080p or WxH.", valueName: "r"))
    var resolution: String?

    @Option(help: ArgumentHelp("W:H, for example 9:16.", valueName: "a"))
    var aspectRatio: String?

    @Option(help: ArgumentHelp("Makes a take repeatable; further takes count up.", valueName: "n"))
    var seed: Int?

    @Option(help: ArgumentHelp("Frames a second.", valueName: "f"))
    var fps: Double?

    @Option(help: ArgumentHelp("-100 to 100, higher first (default: 0).", valueName: "n"))
    var priority: Int?

    /// Most takes of one command.
    static let takeRange = 1...100

    func validate() throws {
        guard Self.takeRange.contains(takes) else { throw ValidationError("-n must be 1 to 100.") }
        if let seed, !(JobParameters.seeds.contains(seed) && JobParameters.seeds.contains(seed + takes - 1)) {
            throw ValidationError("--seed must be 0 to \(JobParameters.seeds.upperBound), for every take.")
        }
    }

    /// One job for each take. What cannot be is refused where all jobs are checked.
    func drafts(prompt: String) -> [JobDraft] {
        var params: [String: JSONValue] = ["prompt": .string(prompt)]
        params["image"] = image.map { .string($0) }
        params["duration"] = duration.map { .number($0) }
        params["resolution"] = resolution.map { .string($0) }
        params["aspect_ratio"] = aspectRatio.map { .string($0) }
        params["fps"] = fps.map { .number($0) }
        let type = image == nil ? JobType.render : .imageToVideo
        return (0..<takes).map { take in
            if let seed { params["seed"] = .integer(Int64(seed + take)) }
            var document = JobDocument(["type": .string(type.rawValue), "params": .object(params)])
            if let priority { document[.priority] = .integer(Int64(priority)) }
            return JobDraft(
                source: "take \(take + 1)", folder: FileManager.default.currentDirectoryPath, document: document,
                naming: .generated)
        }
    }
}
