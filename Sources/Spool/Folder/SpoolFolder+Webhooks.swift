public import JobCore

/// Webhooks on the disk: one file a delivery, from the moment at which its event is known.
///
/// Record, commit, sweep: a delivery is on the disk before it is sent for the first time, and what came of a try before
/// the next. Its name follows from the event, so an event that is looked at twice makes one file.
extension SpoolFolder {
    /// The largest file of a delivery, in bytes.
    static let webhookFileLimit = 64 * 1024

    /// Puts deliveries on the disk. One process a spool does.
    ///
    /// - Returns: those that were not there before.
    public func record(_ deliveries: [WebhookDelivery]) throws(FileError) -> [WebhookDelivery] {
        var halves: [(path: String, delivery: WebhookDelivery)] = []
        defer { for half in halves { try? files.remove(half.path) } }
        for delivery in deliveries where try webhook(delivery.id) == nil {
            let path = SpoolLayout.halfWebhook(nonce: nonce())
            try create(path, JSONWriter.pretty(delivery.json))
            halves.append((path, delivery))
        }
        guard !halves.isEmpty else { return [] }
        try sync(halves.map(\.path))
        // What lies there under its name did not read: a power cut left it half written.
        for half in halves { try files.rename(half.path, SpoolLayout.webhook(half.delivery.id), .replace) }
        try sync([SpoolLayout.webhooks])
        return halves.map(\.delivery)
    }

    /// Every delivery, in no order; what else lies in the folder is left alone.
    public func webhooks() throws(FileError) -> [WebhookDelivery] {
        var all: [WebhookDelivery] = []
        for entry in try files.list(SpoolLayout.webhooks) {
            if let id = SpoolLayout.webhook(ofFile: entry.name), let found = try webhook(id) { all.append(found) }
        }
        return all
    }

    /// One delivery; nil when there is none of this id, or its file does not read.
    public func webhook(_ id: WebhookID) throws(FileError) -> WebhookDelivery? {
        guard let bytes = try bytes(at: SpoolLayout.webhook(id), limit: Self.webhookFileLimit),
            let delivery = (try? JSONReader.read(bytes)).flatMap({ WebhookDelivery(json: $0) }), delivery.id == id
        else { return nil }
        return delivery
    }

    /// Writes what became of a delivery.
    public func update(_ delivery: WebhookDelivery) throws(FileError) {
        try replace(SpoolLayout.webhook(delivery.id), delivery.json)
    }

    /// Forgets a delivery.
    public func remove(_ id: WebhookID) throws(FileError) {
        try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.webhook(id)) }
    }

    /// What is known beside the deliveries; nil while webhooks are off, or when the file does not read.
    public func webhookBook() throws(FileError) -> WebhookBook? {
        let bytes = try bytes(at: SpoolLayout.webhookBook, limit: Self.webhookFileLimit)
        return bytes.flatMap { try? JSONReader.read($0) }.flatMap { WebhookBook(json: $0) }
    }

    /// Writes what is known beside the deliveries.
    public func write(_ book: WebhookBook) throws(FileError) { try replace(SpoolLayout.webhookBook, book.json) }

    /// Webhooks are off: whoever switches them on again begins anew.
    public func removeWebhookBook() throws(FileError) {
        try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.webhookBook) }
    }

    private func replace(_ path: String, _ value: JSONValue) throws(FileError) {
        let half = SpoolLayout.halfWebhook(nonce: nonce())
        try create(half, JSONWriter.pretty(value))
        do {
            try sync([half])
            try files.rename(half, path, .replace)
        } catch {
            try? files.remove(half)
            throw error
        }
    }

    /// Times of files come from a coarse clock, and may be a little behind ours.
    private static let coarseness = Duration.seconds(10)

    /// Jobs whose files came into a folder of ended jobs since a moment, perhaps a few more.
    public func jobsEnded(since: Timestamp) throws(FileError) -> [JobID] {
        let first = since.milliseconds - Self.coarseness.milliseconds
        var ids: [JobID] = []
        for state in Self.endedStates {
            for id in try self.ids(in: state) {
                guard let status = try files.status(SpoolLayout.token(id, in: state)) else { continue }
                if status.changed / 1_000_000 >= first { ids.append(id) }
            }
            // Those that went to rest since: they lie by the day of their ending.
            let firstDay = Day(of: Timestamp(milliseconds: first))
            for day in try days(in: state) where day >= firstDay {
                ids += try self.ids(at: JobPlace(state, on: day))
            }
        }
        return ids
    }

    /// What an ended job's webhooks follow from; nil when it has not ended since a moment, or not at all.
    public func ending(
        of id: JobID, since: Timestamp
    ) throws(FileError) -> (view: JobView, document: JobDocument)? {
        guard let place = try place(of: id), place.state.isFinal, let document = try document(id, at: place),
            let found = try view(id, at: place)
        else { return nil }
        let first = since.milliseconds - Self.coarseness.milliseconds
        let came = place.day == nil ? found.stamp / 1_000_000 : document.finishedAt?.milliseconds ?? 0
        // Read twice: the job must not have moved on in between.
        guard came >= first, document.outcome == found.view.state, document.finishedAt == found.view.finishedAt else {
            return nil
        }
        return (found.view, document)
    }
}
