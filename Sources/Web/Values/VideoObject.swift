import JobCore

/// A job as clients of `/v1/videos` know it.
enum VideoObject {
    /// The types of job that are videos there.
    static let types: Set<String> = [JobType.render.rawValue, JobType.imageToVideo.rawValue]

    /// Where a job begins that nobody named a model for.
    static let model = "kinospool"

    static func json(_ view: JobView) -> JSONValue {
        let params = view.params.object ?? [:]
        let film = view.artifacts.first { $0.kind == .video }?.media
        let seconds = params["duration"]?.number ?? film?.duration
        let size = film.flatMap { film in
            film.width.flatMap { width in film.height.map { "\(width)x\($0)" } }
        }
        func time(_ timestamp: Timestamp?) -> JSONValue {
            timestamp.map { .integer($0.milliseconds / 1000) } ?? .null
        }
        let error: JSONValue? = view.error.map {
            ["code": .string($0.code.rawValue), "message": .string($0.message)]
        }
        return [
            "id": .string(view.id.text), "object": "video", "status": .string(status(view.state)),
            "progress": .integer(Int64(view.progress)), "model": .string(params["model"]?.string ?? model),
            "prompt": view.prompt.map { .string($0) } ?? .null,
            "seconds": seconds.map { .string(text($0)) } ?? "",
            "size": size.map { .string($0) } ?? .string(params["resolution"]?.string ?? ""),
            "created_at": time(view.createdAt), "completed_at": view.state == .done ? time(view.finishedAt) : .null,
            "expires_at": .null, "error": error ?? .null, "remixed_from_video_id": params["remixed_from"] ?? .null,
        ]
    }

    private static func status(_ state: JobState) -> String {
        switch state {
        case .queued: "queued"
        case .running: "in_progress"
        case .done: "completed"
        case .failed: "failed"
        case .canceled: "canceled"
        }
    }

    private static func text(_ seconds: Double) -> String {
        Int(exactly: seconds.rounded()).flatMap { Double($0) == seconds ? "\($0)" : nil } ?? "\(seconds)"
    }
}
