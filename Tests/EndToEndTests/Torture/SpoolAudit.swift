import Foundation
import JobCore

/// Reads a spool as a stranger would, without the product's own code for reading it, and says what breaks the promise.
struct SpoolAudit {
    /// Absolute path of the spool.
    let root: String

    /// What was promised to whoever used the spool before it was disturbed.
    struct Promises {
        /// Ids whose submit answered.
        var accepted: Set<String> = []
        /// Ids whose cancel answered with success.
        var canceled: Set<String> = []
        /// Ids that were seen in `done/`.
        var done: Set<String> = []
    }

    /// One sentence for each broken promise; empty when all is well.
    ///
    /// - Parameter isAtRest: nothing works on the spool, and everything that can end has ended.
    func findings(_ promises: Promises, isAtRest: Bool) -> [String] {
        var findings: [String] = []
        var places: [String: [String]] = [:]
        for state in JobState.allCases.map(\.rawValue) {
            // What cannot be listed must not look like a folder without jobs.
            do {
                _ = try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(state)")
            } catch  where isAtRest || FileManager.default.fileExists(atPath: "\(root)/\(state)") {
                findings.append("\(state)/ cannot be listed: \(error)")
            } catch {
                // A spool that is just being made.
            }
            for folder in folders(of: state) {
                for name in names("\(root)/\(folder)") where name.hasSuffix(".json") {
                    places[String(name.dropLast(5)), default: []].append(folder)
                }
            }
        }
        for (id, folders) in places.sorted(by: { $0.key < $1.key }) {
            if folders.count > 1 { findings.append("\(id) lies in \(folders.joined(separator: " and "))") }
            for folder in folders { findings += complaints(id, folder, isAtRest: isAtRest) }
            if isAtRest, folders == ["running"] { findings.append("\(id) is stuck in running") }
        }
        let states = places.mapValues { $0.map(Self.state) }
        for id in promises.accepted.sorted() where places[id] == nil { findings.append("\(id) is lost") }
        for id in promises.canceled.sorted() where states[id] != ["canceled"] {
            findings.append("\(id) was canceled and lies in \(places[id] ?? [])")
        }
        for id in promises.done.sorted() where states[id] != ["done"] {
            findings.append("\(id) was done and lies in \(places[id] ?? [])")
        }
        if isAtRest {
            for name in names("\(root)/tmp") { findings.append("tmp/\(name) is left") }
            for name in names("\(root)/trash") { findings.append("trash/\(name) is left") }
        }
        return findings
    }

    /// What is wrong with one job file and what belongs to it.
    private func complaints(_ id: String, _ folder: String, isAtRest: Bool) -> [String] {
        guard let job = object("\(root)/\(folder)/\(id).json") else { return ["\(id) in \(folder) does not read"] }
        // A change that was cut short between its two renames is completed, or taken back, by the next start.
        guard isAtRest else { return [] }
        let record = record(of: id)
        var complaints: [String] = []
        if let day = folder.split(separator: "/").dropFirst().first {
            let final = object("\(record)/final.json")
            if final?["finished_at"]?.string?.hasPrefix(day) != true || final?["rev"] != job["rev"] {
                complaints.append("\(id) lies in \(folder), and its record does not say so")
            }
        }
        switch Self.state(folder) {
        case "done":
            if job["outcome"]?.string != "done" { complaints.append("\(id) in done says otherwise") }
            for artifact in job["artifacts"]?.array ?? [] {
                guard let artifact = artifact.object, let name = artifact["name"]?.string else { continue }
                let path = "\(record)/a\(job["attempt"]?.integer ?? 0)/\(name)"
                let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int64
                if size == nil || size != artifact["bytes"]?.integer {
                    complaints.append("\(id) is done, but \(name) has \(size ?? -1) bytes")
                }
            }
        case "failed":
            if job["error"]?.object?["code"]?.string == nil { complaints.append("\(id) failed without a code") }
        case "canceled":
            if job["artifacts"]?.array?.isEmpty == false { complaints.append("\(id) is canceled and has artifacts") }
        default: break
        }
        return complaints
    }

    /// Links in `films/` that lead to the outputs of a job that is not done.
    func filmsOfOthers() -> [String] {
        names("\(root)/films").filter { name in
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(root)/films/\(name)"),
                let id = target.split(separator: "/").dropFirst(3).first
            else { return true }
            return !folders(of: "done").contains { FileManager.default.fileExists(atPath: "\(root)/\($0)/\(id).json") }
        }
    }

    /// The folder of a state and the day folders in it.
    func folders(of state: String) -> [String] {
        let days = names("\(root)/\(state)").filter { $0.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil }
        return [state] + days.sorted().map { "\(state)/\($0)" }
    }

    private static func state(_ folder: String) -> String { folder.split(separator: "/").first.map(String.init) ?? "" }

    /// The states in which a job lies: one, or none where it is nowhere.
    func places(of id: String) -> [String] {
        JobState.allCases.map(\.rawValue).filter { state in
            folders(of: state).contains { FileManager.default.fileExists(atPath: "\(root)/\($0)/\(id).json") }
        }
    }

    /// The folder of a job's record.
    func record(of id: String) -> String {
        guard let job = JobID(id) else { return "\(root)/work" }
        return "\(root)/\(SpoolLayout.record(job))"
    }

    private func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".git") }
    }

    private func object(_ path: String) -> [String: JSONValue]? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return (try? JSONReader.read(Array(data)))?.object
    }
}
