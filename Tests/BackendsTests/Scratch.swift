import Foundation
import JobCore
import TestSupport

@testable import Backends

/// A folder of its own for one test: `scratch` and `inputs` in it, gone when the test ends.
///
/// Three tests at a time: each runs ffmpeg, and some look whether it ends in time.
func withScratch<Result>(_ body: (Scratch) async throws -> Result) async throws -> Result {
    await places.take()
    let result: Swift.Result<Result, any Error>
    do {
        let scratch = try Scratch()
        defer { try? FileManager.default.removeItem(atPath: scratch.root) }
        result = .success(try await body(scratch))
    } catch {
        result = .failure(error)
    }
    await places.giveBack()
    return try result.get()
}

private let places = Places(3)

/// The places of one test, and short ways to make what it needs.
struct Scratch: Sendable {
    let root: String
    var path: String { root + "/scratch" }
    var inputs: String { root + "/inputs" }

    init() throws {
        let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
        root = folder.appending(path: "kinospool-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: inputs, withIntermediateDirectories: true)
    }

    /// A second empty scratch folder beside the first.
    func another(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
        return "\(root)/\(name)"
    }

    func request(
        _ json: String, seed: Int = 42, scratch: String? = nil, needed: [JobID: [NeededArtifact]] = [:],
        cache: String? = nil
    ) throws -> BackendRequest {
        let document = try JobDocument(reading: Array(json.utf8))
        let job = try JobRequest(document)
        guard let id = JobID("test") else { throw Failure(.internalError, "The id is not legal.") }
        let lane: Lane = job.type == .export ? .ffmpeg : .preview
        return BackendRequest(
            jobID: id, attempt: 1, work: job.work, seed: seed, scratch: scratch ?? path, inputs: inputs,
            needed: needed, cache: cache, recipe: Recipe(document, job, lane: lane, seed: seed))
    }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: name)) }

    /// Runs ffmpeg to make material for a test.
    func ffmpeg(_ arguments: String...) async throws { try await ffmpeg(arguments) }

    func ffmpeg(_ arguments: [String]) async throws {
        let command = ProcessCommand("ffmpeg", ["-v", "error", "-nostdin", "-y"] + arguments, in: root)
        try await ProcessRunner().run(command, report: { _ in }).requireSuccess(of: command)
    }

    /// Mean brightness of a picture, 16 to 235.
    func luma(of picture: String) async throws -> Int {
        let raw = "\(root)/\(UUID().uuidString).yuv"
        defer { try? FileManager.default.removeItem(atPath: raw) }
        try await ffmpeg("-i", picture, "-vf", "scale=out_range=tv,format=yuv444p", "-f", "rawvideo", raw)
        let bytes = try self.bytes(raw)
        let luma = bytes.prefix(bytes.count / 3)
        return luma.isEmpty ? -1 : luma.reduce(0) { $0 + Int($1) } / luma.count
    }

    /// A program in place of ffmpeg that is ffmpeg, and writes what it is asked into a file beside it.
    func countingFFmpeg() throws -> (program: String, log: String) {
        let (program, log) = ("\(root)/bin/ffmpeg", "\(root)/bin/log")
        _ = try another("bin")
        try Data("#!/bin/sh\necho \"$*\" >> '\(log)'\nexec ffmpeg \"$@\"\n".utf8).write(to: URL(filePath: program))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        return (program, log)
    }

    /// One line of ffprobe's answer: `-show_entries` and the values, joined by commas.
    func probe(_ entries: String, of path: String) async throws -> String {
        let arguments = ["-v", "error", "-show_entries", entries, "-of", "csv=p=0:nk=1", path]
        let (outcome, text) = try await ProcessRunner().collect(ProcessCommand("ffprobe", arguments, in: root)) { _ in }
        return outcome.isSuccess ? text.split(separator: "\n").joined(separator: " ") : outcome.complaint
    }
}

/// The failure that a body throws, nil when it throws none.
func failure(of body: () async throws -> Void) async -> Failure? {
    do {
        try await body()
        return nil
    } catch {
        return error as? Failure ?? Failure(.internalError, "not a Failure: \(error)")
    }
}
