import Foundation
import JobCore
import Spool

/// Reads what `submit` is given: job files, folders of them, and stdin.
enum JobFiles {
    /// One job, or why there is none, with where it came from.
    typealias Reading = (source: String, draft: Result<JobDraft, Failure>)

    /// Everything that one argument names, blocking.
    static func read(_ argument: String) throws -> [Reading] {
        if argument == "-" { return readings(ofStream: try StandardInput.bytes()) }
        let path = LocalPath.absolute(argument)
        guard LocalPath.isFolder(path) else { return [(argument, file(path, source: argument))] }
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { if case .job = DropName($0) { true } else { false } }.sorted()
        guard !names.isEmpty else {
            return [(argument, .failure(Failure(.invalidJob, "the folder holds no .json file")))]
        }
        return names.map { name in
            let source = argument.hasSuffix("/") ? argument + name : "\(argument)/\(name)"
            return (source, file("\(path)/\(name)", source: source))
        }
    }

    private static func file(_ path: String, source: String) -> Result<JobDraft, Failure> {
        guard let target = LocalPath.resolved(path),
            let size = try? FileManager.default.attributesOfItem(atPath: target)[.size] as? Int
        else {
            return .failure(Failure(.invalidJob, "there is no such file", hint: "Check the path."))
        }
        guard size <= JobDocument.maximumBytes, let data = FileManager.default.contents(atPath: target) else {
            let reason = size > JobDocument.maximumBytes ? "it is too large for a job file" : "it cannot be read"
            return .failure(Failure(.invalidJob, reason, hint: "A job file holds one JSON object of at most 1 MiB."))
        }
        let stem = LocalPath.name(path).split(separator: ".", omittingEmptySubsequences: false).dropLast()
        return document(Array(data)).map { document in
            JobDraft(
                source: source, folder: LocalPath.folder(path), document: document,
                naming: .preferably(stem.joined(separator: ".")))
        }
    }

    /// One object, however many lines it has; else one object a line.
    static func readings(ofStream bytes: [UInt8]) -> [Reading] {
        let folder = FileManager.default.currentDirectoryPath
        func draft(_ bytes: [UInt8], _ source: String) -> Reading {
            (
                source,
                document(bytes).map {
                    JobDraft(source: source, folder: folder, document: $0, naming: .generated)
                }
            )
        }
        let whole = draft(bytes, "stdin")
        if case .success = whole.draft { return [whole] }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
            .filter { !$0.element.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }
        guard lines.count > 1, (try? JSONReader.read(Array(lines[0].element))) != nil else { return [whole] }
        return lines.map { draft(Array($0.element), "line \($0.offset + 1) of stdin") }
    }

    private static func document(_ bytes: [UInt8]) -> Result<JobDocument, Failure> {
        Result { () throws(JobDocument.Unreadable) in try JobDocument(reading: bytes) }
            .mapError { Failure(.invalidJob, $0.reason) }
    }
}
