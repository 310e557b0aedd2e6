import Glibc
import JobCore
import Testing

@Suite(.timeLimit(.minutes(3))) struct WaitTests {
    @Test(
        arguments: [
            ([.done, .done], 0), ([.failed, .failed], 2), ([.canceled], 3), ([.done, .failed], 4),
            ([.failed, .canceled], 4),
        ] as [([JobState], Int32)])
    func wait_forEndedJobs_exitsAsTheyEnded(_ states: [JobState], _ status: Int32) async throws {
        try await Desk.use { desk in
            var ids: [String] = []
            for (index, state) in states.enumerated() {
                try await desk.submit("job\(index)")
                try desk.move("job\(index)", from: .queued, to: state)
                ids.append("job\(index)")
            }
            let answer = try await desk.start(["wait"] + ids).answer()
            #expect(answer.status == status)
            #expect(answer.output.isEmpty)
            #expect(answer.errors.contains("job0 \(states[0].rawValue)"))
        }
    }

    @Test func wait_untilTheTimeIsOver_exits8() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            let answer = try await desk.run("wait", "one", "--timeout", "50ms")
            #expect(answer.status == 8)
            #expect(answer.errors.contains("not ended yet: one."))
            #expect(try await desk.run("wait", "one", "--timeout", "soon").status == 64)
        }
    }

    @Test func wait_json_isOneEventForAnEndedJob() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            try desk.move("one", from: .queued, to: .done)
            let answer = try await desk.run("wait", "one", "--json")
            let event = try Desk.object(answer.output)
            #expect(event["event"] == "end")
            #expect(event["status"] == "SUCCEEDED")
            #expect(answer.errors.isEmpty)
        }
    }

    @Test func wait_ctrlC_stopsWaitingAndTheJobStays() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            let run = try desk.start(["wait", "one"])
            try await desk.until(run) { run.errorsSoFar.contains("one queued") }
            run.signal(SIGINT)
            let answer = try await run.answer()
            #expect(answer.status == 130)
            #expect(answer.errors.contains("Come back: kinospool wait one"))
            #expect(desk.exists("spool/queued/one.json"))
        }
    }

    @Test func wait_ctrlCTwice_cancelsTheJob() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            let run = try desk.start(["wait", "one"])
            try await desk.until(run) { run.errorsSoFar.contains("one queued") }
            // By a shell, for the second must come within 2 s, and this process runs many tests at once.
            try await desk.shell(
                """
                kill -INT \(run.pid)
                until grep -q 'once more' '\(run.errorsPath)'; do sleep 0.01; done
                kill -INT \(run.pid)
                """)
            let answer = try await run.answer()
            #expect(answer.status == 130)
            #expect(answer.errors.contains("one canceled"))
            #expect(desk.exists("spool/canceled/one.json"))
        }
    }

    @Test func wait_onATerminal_drawsALineAgainInsteadOfAddingLines() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            try desk.move("one", from: .queued, to: .done)
            let terminal = try PseudoTerminal()
            try await desk.run("wait", "one", "--no-color", terminal: terminal)
            let text = terminal.finish()
            #expect(text.contains("one       done      \(String(repeating: "━", count: 28)) 100 %"))
            #expect(text.hasSuffix("\u{1B}[J"))
        }
    }
}
