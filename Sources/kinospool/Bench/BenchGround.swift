import Foundation
import Glibc
import JobCore
import Spool
import Synchronization

/// A fresh folder to measure in, the programs that run in it, and its end.
final class BenchGround: Sendable {
    /// Absolute path; removed by `clear`.
    let root: String
    let disk: BenchDisk
    private let program: String
    private let children = Mutex<Set<pid_t>>([])
    private let isInterrupted = Atomic(false)
    private let count = Atomic(0)

    /// - Parameter folder: where the fresh folder is made; absolute.
    init(below folder: String) throws {
        root = "\(folder)/.kinospool-bench.\(getpid()).\(UInt32.random(in: 0 ... .max))"
        do {
            try FileManager.default.createDirectory(
                atPath: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(
                .configError, "\(root) cannot be made: \(error.localizedDescription)",
                hint: "Choose another folder: kinospool bench FOLDER.")
        }
        disk = BenchDisk(at: root)
        program = LocalPath.resolved("/proc/self/exe") ?? CommandLine.arguments.first ?? "kinospool"
        try Data().write(to: URL(filePath: "\(root)/empty.env"))
    }

    /// Ends every program and makes the next step throw `CancellationError`.
    func interrupt() {
        isInterrupted.store(true, ordering: .sequentiallyConsistent)
        for child in children.withLock({ $0 }) { kill(child, SIGKILL) }
    }

    func checkInterrupt() throws {
        if isInterrupted.load(ordering: .sequentiallyConsistent) { throw CancellationError() }
    }

    /// Ends what runs and removes everything.
    func clear() {
        for child in children.withLock({ $0 }) { kill(child, SIGKILL) }
        try? FileManager.default.removeItem(atPath: root)
    }

    /// A new empty folder in the ground.
    func folder() throws -> String {
        try checkInterrupt()
        let path = "\(root)/\(count.add(1, ordering: .relaxed).newValue)"
        guard mkdir(path, 0o700) == 0 else { throw BenchProblem.call("mkdir", path) }
        return path
    }

    /// A new spool.
    func spool(_ durability: Durability) throws -> SpoolFolder {
        let spool = try SpoolFolder.open("\(folder())/spool", durability: durability, isCreating: true)
        _ = try spool.prepare()
        return spool
    }

    /// Removes a spool that is no longer needed, so that the next one finds room.
    func remove(_ spool: SpoolFolder) {
        try? FileManager.default.removeItem(atPath: LocalPath.folder(spool.root))
    }
}

/// Programs in the ground.
extension BenchGround {
    /// Starts this very program on a spool, with no setting but those given.
    func start(_ arguments: [String], on spool: SpoolFolder) throws -> BenchProcess {
        let own = Set(SettingKey.allCases.map(\.rawValue))
        let inherited = ProcessInfo.processInfo.environment.filter { !own.contains($0.key) }
        let settings: [SettingKey: String] = [
            .spool: spool.root, .durability: spool.durability.rawValue, .minimumFree: "1",
        ]
        let variables = inherited.map { "\($0.key)=\($0.value)" } + settings.map { "\($0.key.rawValue)=\($0.value)" }
        return try begin {
            try BenchProcess(
                program, arguments + ["--env-file", "\(root)/empty.env"], environment: variables,
                log: "\(LocalPath.folder(spool.root))/log.\(count.add(1, ordering: .relaxed).newValue)")
        }
    }

    /// Runs a program that is looked for in `PATH` to its end, as far behind others as our own films are made.
    ///
    /// - Throws: when it does not succeed.
    func run(other program: String, _ arguments: [String]) throws {
        let process = try start(other: "nice", ["-n", "5", program] + arguments)
        let status = try end(process)
        guard status == 0 else {
            throw BenchProblem.program("\(program) ended with \(status).", log: process.messages)
        }
    }

    /// Starts a program that is looked for in `PATH`.
    func start(other program: String, _ arguments: [String]) throws -> BenchProcess {
        let log = "\(root)/log.\(count.add(1, ordering: .relaxed).newValue)"
        let variables = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        return try begin {
            try BenchProcess("/usr/bin/env", [program] + arguments, environment: variables, log: log)
        }
    }

    /// Starts a program that does nothing, as the limit of every program.
    func startNothing() throws -> BenchProcess {
        try begin { try BenchProcess("/bin/true", [], environment: []) }
    }

    /// Waits for its end. - Returns: the exit code.
    @discardableResult
    func end(_ process: BenchProcess, by signal: Int32? = nil) throws -> Int32 {
        if let signal { kill(process.pid, signal) }
        let status = process.wait()
        children.withLock { _ = $0.remove(process.pid) }
        try checkInterrupt()
        return status
    }

    /// Runs this program to its end. - Throws: when it does not succeed.
    func run(_ arguments: [String], on spool: SpoolFolder) throws {
        let process = try start(arguments, on: spool)
        let status = try end(process)
        guard status == 0 else {
            throw BenchProblem.program("kinospool \(arguments[0]) ended with \(status).", log: process.messages)
        }
    }

    /// Runs a body while a daemon serves the spool, and stops the daemon in order.
    func serving<Result>(
        _ spool: SpoolFolder, _ arguments: [String] = [], _ body: (BenchProcess) throws -> Result
    ) throws -> Result {
        let daemon = try start(["serve", "--port", "0"] + arguments, on: spool)
        do {
            try until(daemon) { daemon.messages.contains("ready") }
            let result = try body(daemon)
            try end(daemon, by: SIGTERM)
            return result
        } catch {
            _ = try? end(daemon, by: SIGKILL)
            throw error
        }
    }

    /// Looks again and again, as long as the program lives and five minutes are not over.
    func until(_ process: BenchProcess, _ condition: () throws -> Bool) throws {
        let start = BenchClock.now()
        while try !condition() {
            try checkInterrupt()
            guard !process.isOver, BenchClock.now() - start < 300e6 else {
                throw BenchProblem.program("The program that was measured did not finish.", log: process.messages)
            }
            BenchClock.pause(milliseconds: 2)
        }
    }

    /// The median of so many runs of a body, in microseconds.
    func median(_ count: Int, _ body: () throws -> Void) throws -> Double {
        BenchNumber.median(try (0..<count).map { _ in try BenchClock.time(body) })
    }

    private func begin(_ body: () throws -> BenchProcess) throws -> BenchProcess {
        try checkInterrupt()
        let process = try body()
        children.withLock { _ = $0.insert(process.pid) }
        return process
    }
}
