import Foundation
import JobCore
import Synchronization
import TestSupport
import Testing

@testable import Backends

@Suite("Process runner", .timeLimit(.minutes(10)))
struct ProcessRunnerTests {
    private let runner = ProcessRunner()

    /// A shell stands here for any program; the product never uses one.
    private func shell(_ script: String, in folder: String = "/tmp") -> ProcessCommand {
        ProcessCommand("sh", ["-c", script], in: folder)
    }

    @Test func run_ofAGoodProgram_givesItsLinesInOrder() async throws {
        let (outcome, text) = try await runner.collect(shell("echo one; echo two; printf three")) { _ in }
        #expect(outcome == ProcessOutcome(.exited(0), complaint: ""))
        #expect(text == "one\ntwo\nthree\n")
    }

    @Test func run_ofAProgramThatEndsAtOnce_losesNothingItSaid() async throws {
        for _ in 0..<20 {
            let (_, text) = try await runner.collect(shell("seq 1 3000")) { _ in }
            #expect(text.hasSuffix("\n2999\n3000\n") && text.utf8.count == 13_893)
        }
    }

    @Test func run_ofAFailingProgram_returnsCodeAndComplaint() async throws {
        let outcome = try await runner.run(shell("echo first >&2; echo last >&2; exit 3"), report: { _ in })
        #expect(outcome == ProcessOutcome(.exited(3), complaint: "first\nlast"))
        #expect(outcome.lastLine == "last")
    }

    @Test func run_ofAProgramKilledByASignal_tellsTheSignal() async throws {
        let outcome = try await runner.run(shell("kill -9 $$"), report: { _ in })
        #expect(outcome.ending == .signaled(SIGKILL))
    }

    @Test func run_ofATalkativeProgram_keepsTheTailAndCapsTheLog() async throws {
        let log = EventLog()
        let script = "i=0; while [ $i -lt 3000 ]; do echo line $i RUNPOD_API_KEY=topsecret >&2; i=$((i+1)); done"
        let outcome = try await runner.run(shell(script)) { log.add($0) }
        #expect(outcome.complaint.utf8.count <= 8 * 1024 && outcome.lastLine.hasPrefix("line 2999"))
        #expect(log.lines.count == ProcessRunner.maximumLogLines + 1)
        let everything = outcome.complaint + log.lines.joined()
        #expect(!everything.contains("topsecret"))
    }

    @Test func run_ofAMissingProgram_isAConfigErrorThatSaysWhatToInstall() async throws {
        let failure = await failure {
            _ = try await runner.run(ProcessCommand("ffprobe-missing", [], in: "/tmp")) { _ in }
        }
        #expect(failure?.code == .configError && failure?.hint == "apt-get install ffprobe-missing")
        let absolute = await failureOfAMissingPath()
        #expect(absolute?.code == .configError && absolute?.hint == "apt-get install ffmpeg")
    }

    private func failureOfAMissingPath() async -> Failure? {
        await failure { _ = try await runner.run(ProcessCommand("/nowhere/ffprobe", [], in: "/tmp")) { _ in } }
    }

    @Test func run_givesTheChildThreeVariablesOnly() async throws {
        let (_, text) = try await runner.collect(ProcessCommand("env", [], in: "/tmp")) { _ in }
        let names = Set(text.split(separator: "\n").compactMap { $0.split(separator: "=").first.map(String.init) })
        #expect(names == ["PATH", "HOME", "LANG"])
    }

    @Test func run_makesTheChildNiceAndLeaderOfItsOwnGroup() async throws {
        let log = EventLog()
        // Fields 1, 5 and 6 of stat: pid, process group, session. The loop waits for the parent's setpriority.
        let script = "while [ $(nice) -lt 5 ]; do :; done; cut -d' ' -f1,5,6 /proc/$$/stat"
        let lines = Mutex<[String]>([])
        _ = try await runner.run(shell(script)) {
            log.add($0)
        } line: { line in
            lines.withLock { $0.append(line) }
        }
        let number = try #require(log.processGroups.first)
        #expect(lines.withLock { $0 } == ["\(number) \(number) \(number)"])
    }

    @Test func cancel_ofAProgramAndAGrandchildThatIgnoreSIGTERM_endsBoth() async throws {
        let clock = ContinuousClock()
        let log = EventLog()
        let (lines, said) = AsyncStream.makeStream(of: String.self)
        let command = shell("trap '' TERM; (trap '' TERM; echo ready; while :; do sleep 60; done) & wait; sleep 60")
        let runner = runner
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                await #expect(throws: CancellationError.self) {
                    try await runner.run(command) {
                        log.add($0)
                    } line: { line in
                        said.yield(line)
                    }
                }
            }
            for await _ in lines { break }
            let start = clock.now
            tasks.cancelAll()
            try await tasks.waitForAll()
            // By themselves they would run for a minute. A sanitized program is several times slower.
            let isSanitized = ProcessInfo.processInfo.environment["KINOSPOOL_SANITIZED"] != nil
            #expect(clock.now - start < .seconds(isSanitized ? 40 : 5))
        }
        let group = try #require(log.processGroups.first)
        #expect(ProcessGroup.isGone(group, within: .seconds(2)))
    }

    @Test func run_whoseProgramLeavesAGrandchildBehind_endsTheGrandchild() async throws {
        let log = EventLog()
        let outcome = try await runner.run(shell("(trap '' TERM; sleep 600) >/dev/null 2>&1 & exit 0")) { log.add($0) }
        #expect(outcome.isSuccess)
        let group = try #require(log.processGroups.first)
        #expect(ProcessGroup.isGone(group, within: .seconds(2)))
    }

    @Test func run_whoseGrandchildKeepsThePipesOpen_stillReturns() async throws {
        let (outcome, text) = try await runner.collect(shell("sleep 600 & echo done")) { _ in }
        #expect(outcome.isSuccess && text == "done\n")
    }

    @Test func run_inACancelledTask_startsNothing() async throws {
        let runner = runner
        let folder = "/nowhere/at/all"
        await withTaskGroup(of: Void.self) { tasks in
            tasks.cancelAll()
            tasks.addTask {
                await #expect(throws: CancellationError.self) {
                    try await runner.run(ProcessCommand("true", [], in: folder)) { _ in }
                }
            }
        }
    }

    @Test func run_ofFFmpegOnAFullDisk_isDiskFull() async throws {
        let arguments = [
            "-v", "error", "-f", "lavfi", "-i", "testsrc=s=640x480:d=1", "-y", "-f", "rawvideo", "file:/dev/full",
        ]
        let command = ProcessCommand("ffmpeg", arguments, in: "/tmp")
        let outcome = try await runner.run(command, report: { _ in })
        #expect(await failure { try outcome.requireSuccess(of: command) }?.code == .diskFull)
    }

    @Test(arguments: [
        ("ffmpeg", "av_interleaved_write_frame(): No space left on device", FailureCode.diskFull),
        ("ffmpeg", "Invalid argument", .ffmpegError), ("/usr/bin/ffprobe", "", .ffmpegError),
        ("espeak-ng", "no", .internalError),
    ])
    func requireSuccess_ofAFailedProgram_namesTheCode(program: String, complaint: String, code: FailureCode) async {
        let outcome = ProcessOutcome(.exited(1), complaint: complaint)
        let failure = await failure { try outcome.requireSuccess(of: ProcessCommand(program, [], in: "/")) }
        #expect(failure?.code == code)
        #expect(failure?.message.contains(complaint.isEmpty ? "it said nothing" : complaint) == true)
    }
}
