import JobCore
import Spool

/// Finds the jobs that people name: by any beginning of an id, by its last letters, by state, from stdin.
struct JobSelector: Sendable {
    let folder: SpoolFolder
    private let catalog: JobCatalog

    init(folder: SpoolFolder) {
        self.folder = folder
        catalog = JobCatalog(folder: folder)
    }

    /// What names stand for: jobs in the order named, each once, and an error for each name that found none.
    struct Selection: Sendable {
        var ids: [JobID] = []
        var problems: [CommandError] = []
    }

    /// The jobs of several names; `@running`, `@failed` and `@queued` stand for all of them, `-` for names on stdin.
    func jobs(_ names: [String]) async throws -> Selection {
        var selection = Selection()
        for name in names {
            if name == "-" {
                let typed = try await BlockingWork.run { try StandardInput.words() }
                for word in typed { try await add(word, to: &selection) }
            } else {
                try await add(name, to: &selection)
            }
        }
        return selection
    }

    /// The one job of a name; `@running`, `@failed` and `@queued` stand for the newest.
    func job(_ name: String) async throws -> JobID {
        if let state = Self.state(of: name) {
            guard let id = try await catalog.newest(in: state) else { throw Self.none(in: state) }
            return id
        }
        if name == "-" {
            guard let word = try await BlockingWork.run({ try StandardInput.words() }).first else {
                throw CommandError.usage("stdin names no job.")
            }
            return try await job(word)
        }
        return try await single(name)
    }

    private func add(_ name: String, to selection: inout Selection) async throws {
        do {
            var found: [JobID]
            if let state = Self.state(of: name) {
                found = try await BlockingWork.run { [folder] in try folder.allIDs(in: state) }.sorted()
                if found.isEmpty { throw Self.none(in: state) }
            } else {
                found = [try await single(name)]
            }
            found.removeAll(where: selection.ids.contains)
            selection.ids += found
        } catch let problem as CommandError where problem.exit == .noSuchJob {
            selection.problems.append(problem)
        }
    }

    private func single(_ name: String) async throws -> JobID {
        if name == "@last" {
            guard let id = try await catalog.newest(in: nil) else {
                throw CommandError(
                    .noSuchJob, "no_such_job", "There is no job yet.", hint: "Make one: kinospool render.")
            }
            return id
        }
        let text = name.lowercased()
        guard !name.isEmpty, !name.hasPrefix("@"), JobID(text) != nil else { throw CommandError.noSuchJob(name) }
        let limit = 9
        var found = try await catalog.ids(startingWith: text, limit: limit)
        if found.first?.text == text { return found[0] }
        if found.isEmpty {
            // Lists call a job by the last letters of its id; so do the names of films.
            found = try await catalog.list(try JobQuery(text: text, limit: 100)).map(\.id)
                .filter { $0.text.hasSuffix("-\(text)") }
        }
        guard let first = found.first else { throw CommandError.noSuchJob(name) }
        guard found.count == 1 else {
            let shown = found.prefix(limit - 1).map(\.text).joined(separator: ", ")
            let rest = found.count >= limit ? ", …" : ""
            throw CommandError.usage("\(name) fits several jobs: \(shown)\(rest).", hint: "Type more of the id.")
        }
        return first
    }

    private static func state(of name: String) -> JobState? {
        switch name {
        case "@running": .running
        case "@failed": .failed
        case "@queued": .queued
        default: nil
        }
    }

    private static func none(in state: JobState) -> CommandError {
        CommandError(
            .noSuchJob, "no_such_job", "There is no \(state.rawValue) job.",
            hint: "See the jobs there are: kinospool ls.")
    }
}
