public import JobCore
import Synchronization

/// A RunPod endpoint that does what a test writes down, also what the real one does at its worst.
///
/// It counts what costs money: `accepted` is the number of runs that were started, whether anybody learned of them.
public final class FakeRunPod: Sendable {
    /// What happens to a submit.
    public enum Submit: Sendable {
        case accept
        /// Taken, and the answer is this one.
        case acceptAnd(FakeHTTPReply)
        /// Not taken.
        case refuse(FakeHTTPReply)
    }

    /// One answer about a run: bytes of a job object without its id, or any reply.
    public enum Sight: Sendable {
        case state(String, String = "")
        case reply(FakeHTTPReply)
    }

    private struct Run {
        let id: String
        let input: String
        var looks = 0
        var isCanceled = false
    }

    private struct State {
        var runs: [Run] = []
        var submits = 0
        var cancels = 0
    }

    public static let key = "rpa_FAKEFAKEFAKEFAKEFAKE"

    private let state = Mutex(State())
    private let box = Mutex<FakeHTTPServer?>(nil)
    private let submit: @Sendable (Int) -> Submit
    private let life: @Sendable (Int) -> Sight
    private let cancel: @Sendable (Int) -> FakeHTTPReply?
    private let health: String
    private let listsRuns: Bool, listLength: Int?
    private let files: @Sendable (FakeHTTPRequest) -> FakeHTTPReply?

    /// - Parameters:
    ///   - submit: what happens to the n-th POST, from 1.
    ///   - life: what the n-th look at a run shows, from 1.
    ///   - cancel: another answer to the n-th cancel, from 1.
    ///   - listsRuns: whether `/requests` tells of runs and their inputs; else it is 404.
    ///   - listLength: how many bytes the list has, with blanks at its end.
    ///   - welcome: what happens to the n-th connection, from 1, before its first request is answered.
    ///   - files: everything outside the API.
    public init(
        submit: @escaping @Sendable (Int) -> Submit = { _ in .accept },
        life: @escaping @Sendable (Int) -> Sight,
        cancel: @escaping @Sendable (Int) -> FakeHTTPReply? = { _ in nil },
        health: String = #"{"jobs":{"inQueue":1},"workers":{"initializing":1}}"#, listsRuns: Bool = false,
        listLength: Int? = nil,
        welcome: @escaping @Sendable (Int) -> FakeHTTPServer.Welcome = { _ in .serve },
        files: @escaping @Sendable (FakeHTTPRequest) -> FakeHTTPReply? = { _ in nil }
    ) throws {
        (self.submit, self.life, self.cancel) = (submit, life, cancel)
        (self.health, self.listsRuns, self.listLength, self.files) = (health, listsRuns, listLength, files)
        let server = try FakeHTTPServer(welcome: welcome) { [weak self] request in self?.answer(request) ?? .close }
        box.withLock { $0 = server }
    }

    /// `http://127.0.0.1:PORT/v2/ep1`
    public var endpoint: String { url("/v2/ep1") }

    public func url(_ path: String) -> String { box.withLock { $0?.url(path) } ?? "" }

    public func stop() { box.withLock { $0?.stop() } }

    /// Waits for so many requests of any kind.
    public func received(_ count: Int) async {
        let server = box.withLock { $0 }
        await server?.received(count)
    }

    public var requests: [FakeHTTPRequest] { box.withLock { $0?.requests } ?? [] }
    /// Runs that were started.
    public var accepted: Int { state.withLock { $0.runs.count } }
    /// POSTs to `/run`.
    public var submits: Int { state.withLock { $0.submits } }
    public var cancels: Int { state.withLock { $0.cancels } }
    /// Looks at all runs together.
    public var looks: Int { state.withLock { $0.runs.reduce(0) { $0 + $1.looks } } }
    /// Runs whose cancel was confirmed.
    public var canceled: [String] { state.withLock { $0.runs.filter(\.isCanceled).map(\.id) } }

    /// Set-up of the runs' settings for it.
    public func settings(price: Double? = nil, profiles: [JobType: String] = [:]) throws -> RunPodSettings {
        let endpoint = try RunPodEndpoint(endpoint)
        let types: [JobType] = [.render, .imageToVideo, .speech, .lipSync, .trainTwin]
        return RunPodSettings(
            key: RunPodKey(Self.key), endpoints: Dictionary(uniqueKeysWithValues: types.map { ($0, endpoint) }),
            profiles: profiles, price: price)
    }

    private func answer(_ request: FakeHTTPRequest) -> FakeHTTPReply {
        let parts = request.path.split(separator: "/").map(String.init)
        guard parts.count >= 3, parts[0] == "v2" else { return files(request) ?? .text(404, "no such file") }
        guard request["Authorization"] == "Bearer \(Self.key)" else { return .text(401, "") }
        switch (request.method, parts[2]) {
        case ("POST", "run"): return take(request)
        case ("GET", "status"): return look(at: parts.last ?? "")
        case ("POST", "cancel"): return stop(parts.last ?? "")
        case ("GET", "health"): return .json(200, health)
        case ("GET", "requests"): return list()
        default: return .json(404, #"{"message":"Not Found"}"#)
        }
    }

    private func take(_ request: FakeHTTPRequest) -> FakeHTTPReply {
        let number = state.withLock { state in
            state.submits += 1
            return state.submits
        }
        func accept() -> String {
            let input = (try? JSONReader.read(request.body))?.object?["input"].map { JSONWriter.compact($0) } ?? "{}"
            return state.withLock { state in
                let id = "run-\(state.runs.count + 1)-u1"
                state.runs.append(Run(id: id, input: input))
                return id
            }
        }
        switch submit(number) {
        case .accept: return .json(200, #"{"id":"\#(accept())","status":"IN_QUEUE"}"#)
        case .acceptAnd(let reply):
            _ = accept()
            return reply
        case .refuse(let reply): return reply
        }
    }

    private func look(at id: String) -> FakeHTTPReply {
        let found: (looks: Int, isCanceled: Bool)? = state.withLock { state in
            guard let index = state.runs.firstIndex(where: { $0.id == id }) else { return nil }
            state.runs[index].looks += 1
            return (state.runs[index].looks, state.runs[index].isCanceled)
        }
        guard let found else { return .json(404, #"{"error":"job not found"}"#) }
        if found.isCanceled {
            return .json(200, #"{"id":"\#(id)","status":"CANCELLED","delayTime":1500,"executionTime":2500}"#)
        }
        switch life(found.looks) {
        case .state(let word, let rest): return .json(200, #"{"id":"\#(id)","status":"\#(word)"\#(rest)}"#)
        case .reply(let reply): return reply
        }
    }

    private func stop(_ id: String) -> FakeHTTPReply {
        let number = state.withLock { state in
            state.cancels += 1
            return state.cancels
        }
        if let reply = cancel(number) { return reply }
        let isThere = state.withLock { state in
            guard let index = state.runs.firstIndex(where: { $0.id == id }) else { return false }
            state.runs[index].isCanceled = true
            return true
        }
        return isThere ? .json(200, #"{"id":"\#(id)","status":"CANCELLED"}"#) : .json(404, "{}")
    }

    private func list() -> FakeHTTPReply {
        guard listsRuns else { return .json(404, "{}") }
        let runs = state.withLock { $0.runs }
        let entries = runs.map { #"{"id":"\#($0.id)","status":"IN_QUEUE","input":\#($0.input)}"# }
        let list = #"{"requests":[\#(entries.joined(separator: ","))]}"#
        return .json(200, list + String(repeating: " ", count: max(0, (listLength ?? 0) - list.utf8.count)))
    }
}

extension FakeRunPod {
    /// The bytes of a film as far as anybody looks who does not play it.
    public static let film: [UInt8] = [0, 0, 0, 24] + Array("ftypisom".utf8) + [UInt8](repeating: 7, count: 5000)

    /// Queued, at work, done with this output.
    public static func usual(_ output: String) -> @Sendable (Int) -> Sight {
        { look in
            switch look {
            case 1: .state("IN_QUEUE")
            case 2: .state("IN_PROGRESS", #","delayTime":2400,"workerId":"w","output":"Update 1/2""#)
            default: .state("COMPLETED", #","delayTime":2400,"executionTime":41200,"output":\#(output)"#)
            }
        }
    }

    /// A result inside the answer.
    public static let inline = #"{"video":"\#(Base64.encoded(film))"}"#
}
