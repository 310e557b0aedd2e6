import JobCore
import Spool
import TestSupport

/// The invariants of a spool in which nobody is at work.
struct JobInspection {
    let world: SpoolWorld
    /// Without syncs a power cut may take the bytes of a film that was recorded.
    var mayLackOutputs = false

    func violations() throws -> [String] {
        var found: [String] = []
        for id in try world.ids().sorted() { found += try violations(of: id) }
        for name in try names(SpoolLayout.queued) where SpoolLayout.id(ofToken: name) == nil {
            found.append("queued/\(name) was not admitted")
        }
        for folder in [SpoolLayout.temporary, SpoolLayout.trash] where try !world.disk.list(folder).isEmpty {
            found.append("\(folder)/ holds \(try names(folder))")
        }
        // The folder around a drop may stay behind, empty.
        for path in world.disk.state.listing.keys where path.hasPrefix("inbox/") && !path.hasSuffix("/") {
            found.append("\(path) was not taken in")
        }
        // Recovering a whole spool changes nothing.
        let before = world.disk.state.listing
        try world.recover()
        let after = world.disk.state.listing
        for path in Set(before.keys).union(after.keys).sorted() where before[path] != after[path] {
            found.append("a second recovery changes \(path)")
        }
        return found
    }

    private func names(_ folder: String) throws -> [String] { try world.disk.list(folder).map(\.name) }

    private func violations(of id: JobID) throws -> [String] {
        let spool = world.spool
        let places = try spool.places()[id] ?? []
        guard places.count == 1, let place = places.first else { return ["\(id) has tokens in \(places)"] }
        let state = place.state
        guard let document = try spool.document(id, at: place) else { return ["\(id) in \(place) does not read"] }
        let scratches = try names(SpoolLayout.record(id)).filter { SpoolLayout.attempt(ofScratch: $0) != nil }
        var found: [String] = []
        func require(_ condition: Bool, _ text: String) { if !condition { found.append("\(id) in \(place): \(text)") } }
        require(try spool.place(of: id) == place, "it is not found")
        if place.day != nil {
            let final = try spool.evidence(id).final
            require(document.dayOfRest(in: state) == place.day, "it is another day's")
            require(final?.outcome == state && final?.rev == document.rev, "its record does not tell of it")
        }
        switch state {
        case .queued:
            let hasBirth = try world.disk.status(SpoolLayout.birth(id)) != nil
            require(hasBirth, "it has no birth record")
        case .running: require(false, "nobody owns it")
        case .done:
            require(document.outcome == .done, "its outcome is \(document.outcome?.rawValue ?? "missing")")
            // A NOOP of these tests writes nothing.
            require(!document.artifacts.isEmpty || document.typeName == "NOOP", "it has no artifacts")
            for artifact in document.artifacts {
                let path = "\(SpoolLayout.scratch(id, attempt: document.attempt))/\(artifact.name)"
                let bytes = try world.disk.read(path, limit: 1 << 20)?.bytes
                require(mayLackOutputs || bytes == SpoolWorld.movie, "\(path) is not what was made")
            }
        case .failed: require(scratches.isEmpty, "attempts are left: \(scratches)")
        case .canceled:
            require(document.outcome == .canceled && document.artifacts.isEmpty, "it tells of another outcome")
            require(scratches.isEmpty, "attempts are left: \(scratches)")
        }
        let wish = try world.disk.status(SpoolLayout.cancelWish(id))
        require(wish == nil, "a wish to cancel is left")
        return found
    }

    /// The job can still be run to its end, wherever it is; where there is none, its id is free.
    ///
    /// - Parameter anew: makes the job where there is none.
    func violationsOfAnotherLife(anew: (SpoolWorld) throws -> Void = { try $0.submit() }) throws -> [String] {
        let id = SpoolWorld.id
        if try world.spool.state(of: id) == nil { try anew(world) }
        switch try world.spool.state(of: id) {
        case nil: return ["\(id) does not come again"]
        case .queued?: break
        case .running?: return ["\(id) is still running"]
        case .done?, .failed?, .canceled?: try world.spool.retry(id)
        }
        let result = try world.finish(try world.claim())
        return result == .recorded ? [] : ["the next life ended with \(result)"]
    }
}
