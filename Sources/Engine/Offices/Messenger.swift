import Backends
import JobCore
import Logging
import Spool
import Synchronization

/// Sends webhooks. What is to be sent stands in `webhooks/`, so it goes on after a restart.
///
/// Invariants:
/// 1. A delivery is on the disk before it is sent; what it says never changes.
/// 2. Of every ending since webhooks were switched on the deliveries get to the disk, whoever was killed when: the
///    ended jobs themselves are looked through again, from the moment on that `meta/webhooks.json` names.
/// 3. In a restored copy nothing is sent before a person resumes: the original may still send it.
/// 4. Only where the settings say; no answer of a receiver leads anywhere else.
final class Messenger: Sendable {
    struct Inbox {
        /// Jobs that may have ended.
        var touched: Set<JobID> = []
        var mustScan = false
    }

    struct State {
        var inbox = Inbox()
        var book: WebhookBook?
        /// When deliveries are due, by their ids, and to whom they go.
        var due: [WebhookID: (at: Duration, endpoint: String)] = [:]
        /// Those that are being sent.
        var sending: [WebhookID: String] = [:]
        var nextScan: Duration = .zero
        var base: String?
        var hasWarned = false
        /// The deliveries of the present shortage of room are on the disk.
        var hasToldLow = false
        /// Somebody waits until nothing is due.
        var isFlushing = false
    }

    /// So many are sent at the same time; so many of them to one endpoint.
    static let width = 8, widthToOne = 2
    /// All ended jobs are looked through this often, in case a hint was lost.
    static let scanInterval = Duration.seconds(600)
    /// After an error of the disk.
    static let patience = Duration.seconds(5)

    let folder: SpoolFolder
    let settings: Settings
    let logger: Logger
    private let client: HTTPClient
    /// Waits pass so many times as fast: tests are in a hurry.
    private let haste: Int
    let state = Mutex(State())
    let bell = Bell()
    private let settled = Bell()

    init(folder: SpoolFolder, settings: Settings, haste: Int = 1, client: HTTPClient = .shared, logger: Logger) {
        (self.folder, self.settings, self.client) = (folder, settings, client)
        (self.haste, self.logger) = (haste, logger)
    }

    var isOn: Bool { settings.webhooks.isOn }

    /// These jobs may have ended.
    func touch(_ ids: [JobID]) {
        guard isOn, !ids.isEmpty else { return }
        state.withLock { $0.inbox.touched.formUnion(ids) }
        bell.ring()
    }

    /// Something may have changed: the room on the disk, a pause.
    func look() { if isOn { bell.ring() } }

    /// Hints were lost.
    func lookAtEverything() {
        state.withLock { $0.inbox.mustScan = true }
        look()
    }

    /// Where the API listens: `http://127.0.0.1:8000`.
    func listens(at base: String) { state.withLock { $0.base = base } }

    var plan: WebhookPlan {
        let known = state.withLock { $0.base }
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        // With any free port nobody knows it before the door is open; then addresses are paths alone.
        let planned = settings.port == 0 ? "" : "http://\(host):\(settings.port)"
        return WebhookPlan(settings.webhooks, base: settings.webhooks.base ?? known ?? planned)
    }

    /// Reads what is under way and looks for what ended while nobody looked. Before anything else moves jobs.
    func open() async {
        let (folder, isOn, logger) = (folder, isOn, logger)
        do {
            let found = try await BlockingWork.run { () throws -> (WebhookBook, [WebhookDelivery])? in
                guard isOn else {
                    try folder.removeWebhookBook()
                    return nil
                }
                let book = try folder.webhookBook() ?? WebhookBook(start: folder.wallTime)
                try folder.write(book)
                return (book, try folder.webhooks())
            }
            guard let (book, deliveries) = found else { return }
            state.withLock { state in
                state.book = book
                for delivery in deliveries { enter(delivery, &state) }
            }
            await scan()
        } catch {
            logger.error("webhooks/ could not be read; no webhook is sent", metadata: ["error": "\(error)"])
        }
    }

    /// Works until `stop`.
    func run() async {
        guard isOn else { return }
        bell.ring()
        await withDiscardingTaskGroup { group in
            for await _ in bell.rings {
                await record()
                for id in await taken() {
                    group.addTask { [self] in
                        await send(id)
                        state.withLock { $0.sending[id] = nil }
                        bell.ring()
                    }
                }
                if state.withLock({ $0.isFlushing && !Self.isBusy($0) }) { settled.ring() }
                if let delay = nextDelay() { bell.ring(after: delay) }
            }
            // What is being sent is sent again by the next start.
            group.cancelAll()
        }
    }

    func stop() { bell.stop() }

    /// The process ends now because the queue is empty: what is due is tried once before.
    func flush() async {
        let folder = folder
        guard isOn, (try? await BlockingWork.run({ try folder.arePaidLanesPaused() })) == false else { return }
        await scan()
        guard
            state.withLock({ state in
                state.isFlushing = true
                return Self.isBusy(state)
            })
        else { return }
        bell.ring()
        await withTaskGroup(of: Void.self) { [settled] group in
            group.addTask { for await _ in settled.rings { return } }
            group.addTask { try? await Task.sleep(for: WebhookSchedule.timeout * 2) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Whether anything is due or being sent.
    private static func isBusy(_ state: State) -> Bool {
        let now = BootClock.now()
        return !state.sending.isEmpty || state.due.values.contains { $0.at <= now }
    }

    func enter(_ delivery: WebhookDelivery, _ state: inout State) {
        guard delivery.state == .pending, let next = delivery.nextAt else {
            state.due[delivery.id] = nil
            return
        }
        // A clock that was set back must not make anybody wait for longer than the longest pause.
        let longest = (WebhookSchedule.delays.last ?? .zero) * 2
        let wait = min(max(.milliseconds(next.milliseconds - folder.wallTime.milliseconds), .zero), longest)
        state.due[delivery.id] = (BootClock.now() + wait / haste, delivery.endpointKey)
    }

    // MARK: - Sending

    /// Takes out what is due now, as many as may be sent at the same time.
    private func taken() async -> [WebhookID] {
        let folder = folder
        // A copy says nothing before a person resumes.
        guard (try? await BlockingWork.run { try folder.arePaidLanesPaused() }) == false else { return [] }
        return state.withLock { state in
            let now = BootClock.now()
            var taken: [WebhookID] = []
            for (id, due) in state.due.filter({ $0.value.at <= now }).sorted(by: { $0.value.at < $1.value.at }) {
                guard state.sending.count < Self.width else { break }
                guard state.sending[id] == nil,
                    state.sending.values.count(where: { $0 == due.endpoint }) < Self.widthToOne
                else { continue }
                state.sending[id] = due.endpoint
                taken.append(id)
            }
            return taken
        }
    }

    private func nextDelay() -> Duration? {
        let now = BootClock.now()
        return state.withLock { state in
            // Those that are due and wait for a free place are looked at when one becomes free.
            let times = state.due.filter { state.sending[$0.key] == nil && $0.value.at > now }.map(\.value.at)
            return (times + [state.nextScan]).min().map { max($0 - now, .milliseconds(10)) }
        }
    }

    /// One try of one delivery.
    private func send(_ id: WebhookID) async {
        let (folder, settings) = (folder, settings.webhooks)
        do {
            guard var delivery = try await BlockingWork.run({ try folder.webhook(id) }), delivery.state == .pending
            else {
                state.withLock { $0.due[id] = nil }
                return
            }
            let isDisabled = state.withLock { $0.book?.disabled.contains(delivery.endpointKey) ?? false }
            if isDisabled {
                delivery.disable(at: folder.wallTime)
            } else if let endpoint = settings.endpoint(of: delivery) {
                guard let answer = await answer(to: delivery, endpoint) else { return }
                delivery.note(answer, at: folder.wallTime, jitter: .random(in: 0..<1))
            } else {
                delivery.note(.notAllowed, at: folder.wallTime, jitter: 0)
            }
            tell(delivery)
            let told = delivery
            if told.lastStatus == 410 { try await disable(told.endpointKey) }
            try await BlockingWork.run { try folder.update(told) }
            state.withLock { enter(told, &$0) }
        } catch {
            logger.warning("what came of a webhook could not be written", metadata: ["error": "\(error)"])
            state.withLock { $0.due[id]?.at = BootClock.now() + Self.patience }
        }
    }

    /// Nil when the process is being stopped.
    private func answer(to delivery: WebhookDelivery, _ endpoint: WebhookEndpoint) async -> WebhookAnswer? {
        let seconds = folder.wallTime.milliseconds / 1000
        let body = Array(delivery.body.utf8)
        let signatures = settings.webhooks.secrets.map {
            $0.signature(id: delivery.id.text, seconds: seconds, body: body)
        }
        var request = HTTPRequest(.post, endpoint.url, body: .bytes(body))
        request.headers = [
            "Content-Type": "application/json", "User-Agent": "kinospool/\(KinospoolVersion.text)",
            "webhook-id": delivery.id.text, "webhook-timestamp": "\(seconds)",
            "webhook-signature": signatures.joined(separator: " "),
        ]
        request.limits.whole = WebhookSchedule.timeout
        request.maximumBody = 64 * 1024
        request.maximumRedirects = 0
        do {
            let response = try await client.send(request)
            return .status(response.status, retryAfter: response.head.retryAfter(now: folder.wallTime))
        } catch {
            switch error.reason {
            case .cancelled: return nil
            // It has answered; of what it said more nothing is wanted.
            case .tooLarge: return .status(200)
            default: return .silence("\(endpoint.shown): \(error.reason.rawValue)")
            }
        }
    }

    private func disable(_ key: String) async throws {
        let book = state.withLock { state in
            state.book?.disable(key)
            return state.book
        }
        let folder = folder
        if let book { try await BlockingWork.run { try folder.write(book) } }
    }

    private func tell(_ delivery: WebhookDelivery) {
        let facts: Logger.Metadata = [
            "webhook.id": "\(delivery.id)", "webhook.type": "\(delivery.event.rawValue)",
            "host": "\(delivery.endpointShown)", "status": "\(delivery.lastStatus ?? 0)", "tries": "\(delivery.tries)",
        ]
        switch delivery.state {
        case .delivered: logger.debug("webhook delivered", metadata: facts)
        case .pending: logger.info("webhook not delivered; it is tried again", metadata: facts)
        case .failed: logger.warning("webhook given up", metadata: facts)
        case .disabled: logger.warning("webhook not wanted there any more", metadata: facts)
        }
    }
}
