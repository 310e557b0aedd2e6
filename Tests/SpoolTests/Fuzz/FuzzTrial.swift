import Foundation
import JobCore
import Spool
import TestSupport

/// Drops one file and judges what the product makes of it.
struct FuzzTrial {
    let file: FuzzedFile
    private let world: SpoolWorld

    init(_ file: FuzzedFile) throws {
        self.file = file
        world = try SpoolWorld(state: try SimulationStart.state(.nothing), seed: file.seed)
    }

    /// What is wrong, one sentence each.
    func findings() -> [String] {
        do {
            let path = (file.isForInbox ? "inbox/" : "queued/") + file.name
            try world.disk.create(path, file.bytes)
            // Longer than any file is waited for.
            world.clock.advance(by: .seconds(3_600))
            let admissions = try takenIn()
            return try judged(admissions, path)
        } catch {
            return ["taking it in threw \(error)"]
        }
    }

    private func takenIn() throws -> [Admission] {
        if file.isForInbox {
            for path in try world.spool.inboxFiles() {
                if case .wait(let time, let reason) = try world.spool.admitFromInbox(
                    path, isClosed: false, policy: world.policy)
                {
                    return [.setAside("it waits another \(time): \(reason)")]
                }
            }
        }
        return try world.disk.list(SpoolLayout.queued).map {
            try world.spool.admit($0.name, isClosed: false, policy: world.policy)
        }
    }

    private func judged(_ admissions: [Admission], _ path: String) throws -> [String] {
        let listing = world.disk.state.listing
        let places = listing.keys.filter { key in
            !key.hasSuffix("/")
                && ["queued/", "running/", "done/", "failed/", "canceled/", "inbox/"].contains { key.hasPrefix($0) }
        }
        let kept = listing.keys.filter { $0.hasPrefix("quarantine/") && !$0.hasSuffix("/") }
        var findings: [String] = []
        for name in listing.keys.flatMap({ $0.split(separator: "/") }) where name.utf8.count > 255 {
            findings.append("no disk takes the name \(name)")
        }
        let isIgnored = file.isForInbox ? !isJobName : DropName(file.name) == .ignored
        if isIgnored {
            let isThere = try world.disk.read(path, limit: 1 << 24)?.bytes == file.bytes
            return isThere && admissions.allSatisfy { $0 == .nothing }
                ? findings : findings + ["an ignored file was touched"]
        }
        guard places.count + (kept.isEmpty ? 0 : 1) == 1 else {
            return findings + ["it became \(places.sorted()) and \(kept.sorted())"]
        }
        if let place = places.first { return try findings + judgedToken(place, admissions) }
        return try findings + judgedQuarantine(kept.sorted())
    }

    private var isJobName: Bool { if case .job = DropName(file.name) { true } else { false } }

    /// A file that is no job is kept as it was, with the reason beside it.
    private func judgedQuarantine(_ names: [String]) throws -> [String] {
        guard names.count == 2, let why = names.first(where: { $0.hasSuffix(".why.json") }),
            let name = names.first(where: { $0 != why })
        else { return ["quarantine holds \(names)"] }
        var findings: [String] = []
        if try world.disk.read(name, limit: 1 << 24)?.bytes != file.bytes { findings.append("quarantine changed it") }
        let reason = try JSONReader.read(world.disk.read(why, limit: 1 << 20)?.bytes ?? []).object
        if reason?["message"]?.string?.isEmpty ?? true { findings.append("\(why) says nothing") }
        return findings
    }

    private func judgedToken(_ place: String, _ admissions: [Admission]) throws -> [String] {
        let parts = place.split(separator: "/").map(String.init)
        guard parts.count == 2, let id = SpoolLayout.id(ofToken: parts[1]), let state = JobState(rawValue: parts[0])
        else {
            return ["it lies as \(place)"]
        }
        guard let document = try world.spool.document(id, in: state) else { return ["\(place) does not read"] }
        let dropped: JobDocument
        do {
            dropped = try JobDocument(reading: file.bytes)
        } catch {
            return ["\(place) was taken in, though it does not read: \(error)"]
        }
        var findings = lost(of: dropped, in: document, "taken in")
        if (try? JobDocument(reading: document.bytes))?.bytes != document.bytes {
            findings.append("it does not survive being rewritten")
        }
        switch (state, admissions.count == 1 ? admissions[0] : .nothing) {
        case (.failed, .refused(let refused, let failure)):
            if refused != id || document.error?.code != failure.code { findings.append("refused with another reason") }
        case (.queued, .ready(let job)):
            if job.id != id { findings.append("told of \(job.id), not \(id)") }
            findings += try lived(id, dropped)
        default: findings.append("it lies in \(place), and was told as \(admissions)")
        }
        return findings
    }

    /// A job that was taken in can be shown, claimed, put back, claimed again and ended, and keeps what is the user's.
    private func lived(_ id: JobID, _ dropped: JobDocument) throws -> [String] {
        guard case .claimed(let first) = try world.spool.claim(id, owner: SpoolWorld.owner) else {
            return ["not claimed"]
        }
        guard try world.spool.requeue(first, after: .zero, .failure, SpoolWorld.failure) else {
            return ["not put back"]
        }
        guard case .claimed(let job) = try world.spool.claim(id, owner: SpoolWorld.owner) else {
            return ["claimed once"]
        }
        guard world.spool.finish([JobEnding(job, .failed(SpoolWorld.failure))]) == [.recorded] else {
            return ["not ended"]
        }
        guard let view = try world.spool.view(id), view.state == .failed, view.error == SpoolWorld.failure else {
            return ["it is not shown as failed"]
        }
        guard let ended = try world.spool.document(id, in: .failed) else { return ["its end does not read"] }
        return lost(of: dropped, in: ended, "ended")
    }

    /// Keys without a meaning stay as they are in every rewrite.
    private func lost(of dropped: JobDocument, in document: JobDocument, _ moment: String) -> [String] {
        let known = Set(JobDocument.Key.allCases.map(\.rawValue))
        return dropped.fields.filter { !known.contains($0.key) && text(document.fields[$0.key]) != text($0.value) }.keys
            .sorted()
            .map { "when \(moment), its key \($0.debugDescription) was lost or changed" }
    }

    /// A rewrite may say `5` for `5.0`: what counts is how we write a value.
    private func text(_ value: JSONValue?) -> String? { value.map(JSONWriter.compact) }
}
