import Engine
import HTTPTypes
import HummingbirdCore
import JobCore
import NIOCore

/// Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html
extension Reception {
    func events(_ call: Call) async throws -> Response {
        let job = try call.query["job"].map { text throws(Problem) in
            guard let id = JobID(text) else { throw Problem(.badRequest, "job is no id.") }
            return id
        }
        guard connections.enter(limit: Self.streamLimit) else {
            throw Problem(
                .tooManyRequests, "There are \(Self.streamLimit) streams already.", headers: [.retryAfter: "5"])
        }
        let ticket = StreamTicket(connections)
        let since = (call[.lastEventID] ?? call.query["since"]).map { EventID($0, epoch: desk.herald.epoch) }
        let heard = desk.herald.listen(job: job, after: since?.sequence)
        let isLost = since != nil && heard.missed == nil
        let snapshot = heard.missed == nil ? try await self.snapshot(job) : []
        let (reception, base) = (self, call)
        let headers: HTTPFields = [
            .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store",
        ]
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                defer { ticket.leave() }
                var first = "retry: 2000\n\n"
                if isLost { first += reception.text(DeskEvent(sequence: heard.last, kind: .reset), base) }
                for kind in snapshot {
                    first += reception.text(DeskEvent(sequence: heard.last, kind: kind), base)
                }
                for event in heard.missed ?? [] { first += reception.text(event, base) }
                try await writer.write(ByteBuffer(string: first))
                let backlog = EventBacklog()
                async let listening: Void = reception.gather(heard.events, base, into: backlog)
                for await _ in backlog.rings {
                    if let text = backlog.take() { try await writer.write(ByteBuffer(string: text)) }
                }
                if let text = backlog.take() { try await writer.write(ByteBuffer(string: text)) }
                await listening
                try await writer.finish(nil)
            })
    }

    /// Takes events in as they come, however slowly they are sent; until there are no more, or too many wait.
    private func gather(_ events: AsyncStream<DeskEvent>, _ call: Call, into backlog: EventBacklog) async {
        for await event in events {
            guard backlog.add(told(event, call)) else { return }
        }
        backlog.end()
    }

    /// How things stand for somebody who knows nothing: the queue, what is under way, and what came last.
    private func snapshot(_ job: JobID?) async throws -> [DeskEvent.Kind] {
        if let job { return [.job(try await desk.view(job))] }
        let active = try await desk.list(try JobQuery(states: [.queued, .running], limit: JobQuery.limits.upperBound))
        let newest = try await desk.list(try JobQuery(limit: 50))
        let known = Set(active.map(\.id))
        let views = (active + newest.filter { !known.contains($0.id) }).sorted {
            ($0.createdAt, $0.id) < ($1.createdAt, $1.id)
        }
        return [.queue(try await desk.queue())] + views.map { .job($0) }
    }

    /// An event that others hear, too.
    private func told(_ event: DeskEvent, _ call: Call) -> String {
        if case .tick = event.kind { return text(event, call) }
        return eventTexts.text(.init(sequence: event.sequence, base: call.base)) { text(event, call) }
    }

    private func text(_ event: DeskEvent, _ call: Call) -> String {
        let (name, data): (String, JSONValue)
        switch event.kind {
        case .tick: return ": still here\n\n"
        case .job(let view):
            var fields = json(view, call).object ?? [:]
            // A snapshot is small; what a job was asked stands at its own address.
            for key in ["params", "remote_runs"] { fields[key] = nil }
            fields["prompt"] = view.prompt.map { .string(String($0.prefix(200))) } ?? .null
            (name, data) = ("job", .object(fields))
        case .gone(let id): (name, data) = ("job", ["job_id": .string(id.text), "deleted": true])
        case .queue(let facts): (name, data) = ("queue", facts.json)
        case .reset: (name, data) = ("reset", [:])
        }
        let id = EventID(sequence: event.sequence, epoch: desk.herald.epoch).text
        return "id: \(id)\nevent: \(name)\ndata: \(JSONWriter.compact(data))\n\n"
    }
}
