import JobCore
import Testing

@Suite struct SettingTests {
    @Test func config_defaults_areAsRecorded() async throws {
        try await Desk.use(isEmpty: true) { desk in
            let answer = try await desk.run("config")
            #expect(answer.status == 0)
            #expect(answer.errors.isEmpty)
            try Golden.expect(answer.output, equals: "config")
        }
    }

    @Test func config_tellsWhereEachValueComesFromAndNoSecret() async throws {
        try await Desk.use(isEmpty: true) { desk in
            try desk.write(".env", "KINOSPOOL_SPOOL=./films\nJOB_MONITOR_INTERVAL=5\nRUNPOD_API_KEY=rpa_verysecret\n")
            let answer = try await desk.run("config", environment: ["JOB_MONITOR_INTERVAL": "7"])
            #expect(answer.output.contains("KINOSPOOL_SPOOL\t./films\tenv_file\n"))
            #expect(answer.output.contains("JOB_MONITOR_INTERVAL\t7\tenvironment\n"))
            #expect(answer.output.contains("RUNPOD_API_KEY\t••••\tenv_file\n"))
            let flagged = try await desk.run("config", "-C", "/srv/spool", "--json")
            #expect(!(answer.output + flagged.output).contains("verysecret"))
            let first = try Desk.object(try #require(flagged.lines.first))
            #expect(first["key"] == "KINOSPOOL_SPOOL")
            #expect(first["value"] == "/srv/spool")
            #expect(first["source"] == "flag")
        }
    }

    @Test func anUnknownKeyInTheEnvFile_isWarnedAboutByName() async throws {
        try await Desk.use(isEmpty: true) { desk in
            try desk.write("my.env", "KINOSPOOL_SPOLL=x\nnonsense secret\n")
            let answer = try await desk.run("config", "--env-file", "my.env")
            #expect(answer.status == 0)
            #expect(answer.errors.contains("my.env: KINOSPOOL_SPOLL is not a setting; did you mean KINOSPOOL_SPOOL?"))
            #expect(answer.errors.contains("my.env: line 2 is not KEY=value."))
            #expect(!answer.errors.contains("secret"))
            #expect(try await desk.run("config", "--env-file", "my.env", "--quiet").errors.isEmpty)
        }
    }

    @Test(arguments: [["config"], ["ls"], ["submit", "a.json"], ["serve"]])
    func aBadValue_exits78WithTheNameOfTheSetting(_ arguments: [String]) async throws {
        try await Desk.use(isEmpty: true) { desk in
            let answer = try await desk.start(arguments, environment: ["JOB_HEARTBEAT_TIMEOUT": "soon"]).answer()
            #expect(answer.status == 78)
            #expect(answer.output.isEmpty)
            #expect(answer.errors.contains("JOB_HEARTBEAT_TIMEOUT is \"soon\""))
            #expect(!desk.exists("spool"))
        }
    }

    @Test func aMissingEnvFile_exits78() async throws {
        try await Desk.use(isEmpty: true) { desk in
            let answer = try await desk.run("config", "--env-file", "none.env")
            #expect(answer.status == 78)
        }
    }
}
