import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// RunPod's own worker, as it comes from PyPI, behind a small gateway (Tests/Peers); both end with `stop`, and with
/// this process.
final class RunPodPeer: Sendable {
    private struct State {
        var lines: [String] = []
        var isOver = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let gateway: Process
    private let input = Pipe()
    private let state = Mutex(State())

    /// Starts both. - Throws: when `Scripts/install-packages --tests` has not brought the worker.
    init() async throws {
        gateway = try Self.process(["runpod_gateway.py", FakeRunPod.key, Self.script("runpod_handler.py")])
        let output = Pipe()
        (gateway.standardInput, gateway.standardOutput) = (input, output)
        try gateway.run()
        try output.fileHandleForWriting.close()
        let descriptor = dup(output.fileHandleForReading.fileDescriptor)
        Thread.detachNewThread { [weak self] in
            defer { close(descriptor) }
            var text = ""
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                guard count > 0 else { break }
                text += String(decoding: buffer[..<count], as: UTF8.self)
                var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                text = lines.removeLast()
                self?.note(lines, isOver: false)
            }
            self?.note([], isOver: true)
        }
        try await until { !$0.isEmpty }
    }

    /// `http://127.0.0.1:PORT/v2/ep1`
    var endpoint: String { "\(base)/ep1" }
    /// The same without the endpoint's name, as RunPod's client wants it.
    var base: String { "http://127.0.0.1:\(lines.first ?? "0")/v2" }

    /// What happened: the port, then `run`, `take`, `progress`, `stop`, `end` and `late`, each with a run's name.
    var lines: [String] { state.withLock { $0.lines } }

    /// Waits until something has happened. - Throws: when the gateway has ended.
    func until(_ condition: ([String]) -> Bool) async throws {
        while true {
            // One look for both: what comes after it wakes us.
            let (lines, seen) = state.withLock { ($0.lines, $0.lines.count) }
            if condition(lines) { return }
            try #require(!state.withLock { $0.isOver }, "the gateway has ended: \(lines)")
            await withCheckedContinuation { continuation in
                let isOld = state.withLock { state in
                    if state.lines.count == seen, !state.isOver { state.waiting.append(continuation) }
                    return state.lines.count != seen || state.isOver
                }
                if isOld { continuation.resume() }
            }
        }
    }

    /// RunPod's own client, which checks all that it is answered.
    func askWithRealClient() async throws -> (status: Int32, output: String) {
        let client = try Self.process(["runpod_client.py", FakeRunPod.key])
        client.environment?["RUNPOD_ENDPOINT_BASE_URL"] = base
        let output = Pipe()
        (client.standardInput, client.standardOutput, client.standardError) = (FileHandle.nullDevice, output, output)
        try client.run()
        try output.fileHandleForWriting.close()
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                client.waitUntilExit()
                continuation.resume(returning: (client.terminationStatus, text))
            }
        }
    }

    /// Lets a deaf worker finish its step.
    func release() throws { try input.fileHandleForWriting.write(contentsOf: Data("go\n".utf8)) }

    /// Ends both, the worker first.
    func stop() {
        try? input.fileHandleForWriting.close()
        gateway.waitUntilExit()
    }

    private func note(_ lines: [String], isOver: Bool) {
        let waiting = state.withLock { state in
            state.lines += lines
            state.isOver = isOver
            defer { state.waiting = [] }
            return state.waiting
        }
        waiting.forEach { $0.resume() }
    }

    private static func script(_ name: String, file: String = #filePath) -> String {
        URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Peers/\(name)")
            .path
    }

    /// A script of Tests/Peers, run by the Python that has RunPod's package.
    private static func process(_ arguments: [String]) throws -> Process {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "")/.cache"
        let python = "\(cache)/kinospool/peers/runpod-1.12.0/bin/python"
        try #require(
            FileManager.default.isExecutableFile(atPath: python), "Scripts/install-packages --tests brings \(python)")
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["-u", script(arguments[0])] + arguments.dropFirst()
        process.environment = environment.merging(["NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"]) { $1 }
        return process
    }
}
