/// A job as a profile sees it: its parameters by name, and what follows from them.
public struct ProfileWish: Sendable {
    public let type: JobType
    public let parameters: JobParameters
    /// The parameters as written, also those that only the worker knows.
    public let written: [String: JSONValue]
    public let seed: Int
    /// The job's files by the parameter that names them.
    public let media: [String: ProfileMedia]

    public init(
        type: JobType, parameters: JobParameters, written: [String: JSONValue], seed: Int,
        media: [String: ProfileMedia] = [:]
    ) {
        (self.type, self.parameters, self.written) = (type, parameters, written)
        (self.seed, self.media) = (seed, media)
    }

    /// The text of a parameter that is a file, nil when the job has none.
    public func mediaText(_ name: String) -> String? {
        switch name {
        case "image": parameters.image
        case "end_image": parameters.endImage
        case "audio": parameters.audio
        case "video": parameters.video
        default: nil
        }
    }

    /// The value of a parameter, also of one that follows from others.
    ///
    /// - Parameter framesPerSecond: of the worker, where the job names none.
    func value(_ name: String, framesPerSecond: Double) -> JSONValue? {
        let rate = parameters.framesPerSecond ?? framesPerSecond
        switch name {
        case "job_type": return .string(type.rawValue)
        case "prompt": return (parameters.prompt ?? parameters.text).map { .string($0) }
        case "text": return (parameters.text ?? parameters.prompt).map { .string($0) }
        case "negative_prompt": return parameters.negativePrompt.map { .string($0) }
        case "voice": return parameters.voice.map { .string($0) }
        case "seed": return .integer(Int64(seed))
        case "steps": return parameters.steps.map { .integer(Int64($0)) }
        case "guidance": return parameters.guidance.map { .number($0) }
        case "fps": return parameters.framesPerSecond.map { .number($0) }
        case "width": return parameters.size.map { .integer(Int64($0.width)) }
        case "height": return parameters.size.map { .integer(Int64($0.height)) }
        case "resolution": return parameters.size.map { .string(Self.resolution($0)) }
        case "resolution_preset": return parameters.size.map { .string(Self.preset($0)) }
        case "duration":
            return (parameters.duration ?? parameters.frameCount.map { Double($0) / rate }).map { .number($0) }
        case "num_frames":
            return (parameters.frameCount.map(Double.init) ?? parameters.duration.map { $0 * rate }).map { .number($0) }
        case "image_name": return media["image"].flatMap(Self.name)
        default:
            if let text = mediaText(name) { return .string(text) }
            return written[name].flatMap { $0 == .null ? nil : $0 }
        }
    }

    private static func name(_ media: ProfileMedia) -> JSONValue? {
        if case .file(_, _, let name) = media { .string(name) } else { nil }
    }

    /// `480p`, `720p` or `1080p`, by the shorter side.
    private static func resolution(_ size: FrameSize) -> String {
        let side = min(size.width, size.height)
        return side <= 600 ? "480p" : side <= 900 ? "720p" : "1080p"
    }

    /// `480p`, `480p_vertical`, `square`.
    private static func preset(_ size: FrameSize) -> String {
        if size.width == size.height { return "square" }
        return resolution(size) + (size.height > size.width ? "_vertical" : "")
    }
}
