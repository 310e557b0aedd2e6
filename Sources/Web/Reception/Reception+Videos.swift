import Engine
import HTTPTypes
import HummingbirdCore
import JobCore

/// The façade `/v1/videos`: what clients of OpenAI's video API ask, answered by jobs.
extension Reception {
    func createVideo(_ call: Call) async throws -> Response {
        var fields: [String: JSONValue]
        var reference: String?
        if call.mediaType == "multipart/form-data" {
            let bytes = try await call.bytes(upTo: Self.uploadLimit + Call.jsonLimit)
            guard let form = MultipartForm(bytes, contentType: call[.contentType] ?? "") else {
                throw Problem(.badRequest, "The form does not read.")
            }
            fields = Dictionary(form.fields.filter { !$0.isFile }.map { ($0.name, .string($0.text)) }) { _, new in new }
            if let file = form.fields.first(where: { $0.isFile && $0.name == "input_reference" }) {
                reference = try await stored(file.bytes)
            }
        } else {
            fields = try await call.object()
            let given = fields["input_reference"]
            reference = given?.string ?? given?.object?["image_url"]?.string
        }
        var params: [String: JSONValue] = ["prompt": fields["prompt"] ?? .null]
        if let seconds = fields["seconds"], seconds != .null {
            params["duration"] = seconds.string.flatMap { Double($0) }.map { .number($0) } ?? seconds
        }
        if let size = fields["size"], size != .null { params["resolution"] = size }
        if let model = fields["model"], model != .null {
            guard model.string != nil else { throw Problem(Failure(.invalidJob, "/model must be a string")) }
            params["model"] = model
        }
        params["image"] = reference.map { .string($0) }
        return try await acceptVideo(params, call)
    }

    private func stored(_ bytes: [UInt8]) async throws -> String {
        guard let kind = UploadKind(sniffing: bytes), bytes.count <= Self.uploadLimit else {
            throw Problem(.unsupportedMediaType, "input_reference is no picture of a kind that is known.")
        }
        return try await desk.upload(bytes, kind: kind).name.reference
    }

    /// A new video with another prompt, otherwise as the one it comes from.
    func remixVideo(_ call: Call) async throws -> Response {
        let source = try await video(call)
        let fields = try await call.object()
        guard let prompt = fields["prompt"]?.string else {
            throw Problem(Failure(.invalidJob, "/prompt is missing"))
        }
        var params = source.params.object ?? [:]
        params["prompt"] = .string(prompt)
        params["remixed_from"] = .string(source.id.text)
        return try await acceptVideo(params, call)
    }

    private func acceptVideo(_ params: [String: JSONValue], _ call: Call) async throws -> Response {
        let type: JobType = params["image"] == nil ? .render : .imageToVideo
        let document = JobDocument(["type": .string(type.rawValue), "params": .object(params)])
        let accepted = try await desk.submit(document, key: try call.idempotencyKey)
        return videoAnswer(try await desk.view(accepted.id))
    }

    func getVideo(_ call: Call) async throws -> Response { videoAnswer(try await video(call)) }

    func listVideos(_ call: Call) async throws -> Response {
        let limit = try call.query.integer("limit", in: 1...100) ?? 20
        let isAscending = try call.query.word("order", of: "asc", "desc") == "asc"
        var after: JobCursor?
        if let text = call.query["after"] {
            guard let id = JobID(text) else { throw Problem(.badRequest, "after is no id.") }
            after = JobCursor(try await desk.view(id))
        }
        let page = isAscending ? try await oldest(after: after, limit) : try await newest(after: after, limit)
        return .json([
            "object": "list", "data": .array(page.videos.map(VideoObject.json)), "has_more": .bool(page.hasMore),
            "first_id": page.videos.first.map { .string($0.id.text) } ?? .null,
            "last_id": page.videos.last.map { .string($0.id.text) } ?? .null,
        ])
    }

    private func newest(after: JobCursor?, _ limit: Int) async throws -> (videos: [JobView], hasMore: Bool) {
        let found = try await desk.list(try JobQuery(types: VideoObject.types, limit: limit + 1, after: after))
        return (Array(found.prefix(limit)), found.count > limit)
    }

    /// Lists run from the newest to the oldest; this way round all of them are passed.
    private func oldest(after: JobCursor?, _ limit: Int) async throws -> (videos: [JobView], hasMore: Bool) {
        var (all, cursor) = ([JobView](), JobCursor?.none)
        while true {
            let query = try JobQuery(types: VideoObject.types, limit: JobQuery.limits.upperBound, after: cursor)
            let found = try await desk.list(query)
            all += found.prefix { view in
                after.map { (view.createdAt, view.id) > ($0.createdAt, $0.id) } ?? true
            }
            guard let last = found.last, after.map({ (last.createdAt, last.id) > ($0.createdAt, $0.id) }) ?? true
            else { break }
            cursor = JobCursor(last)
        }
        return (Array(all.reversed().prefix(limit)), all.count > limit)
    }

    func deleteVideo(_ call: Call) async throws -> Response {
        let id = try await video(call).id
        _ = try await desk.delete(id)
        return .json(["id": .string(id.text), "object": "video.deleted", "deleted": true])
    }

    /// The film, its poster or its contact sheet.
    func getVideoContent(_ call: Call) async throws -> Response {
        let view = try await video(call)
        guard view.state == .done, let film = view.artifacts.first(where: { $0.kind == .video }) else {
            throw Problem(DeskRefusal.wrongState(view.id, view.state, wanted: "be downloaded"))
        }
        let name: String?
        switch try call.query.word("variant", of: "video", "thumbnail", "spritesheet") {
        case "thumbnail": name = film.poster
        case "spritesheet": name = film.contactSheet
        default: name = film.name
        }
        guard let name else { throw Problem(.notFound, "Video \(view.id) has no such picture.") }
        return try await file(view.id, name, call, isDownload: false)
    }

    private func video(_ call: Call) async throws -> JobView {
        let view = try await desk.view(try call.jobID())
        guard VideoObject.types.contains(view.typeName) else {
            throw Problem(.noSuchJob, "Job \(view.id) makes no video of its own.")
        }
        return view
    }

    private func videoAnswer(_ view: JobView) -> Response {
        .json(VideoObject.json(view), headers: [.pollAfter: view.state.isFinal ? "0" : "500"])
    }
}
