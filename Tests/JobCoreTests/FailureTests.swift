import JobCore
import Testing

@Suite struct FailureTests {
    @Test func codes_areExactlyThoseThatUsersMatchOn() {
        #expect(
            FailureCode.allCases.map(\.rawValue) == [
                "worker_timeout", "user_canceled", "config_error", "runpod_submit_error", "runpod_execution_error",
                "ffmpeg_error", "internal_error", "invalid_job", "invalid_video", "runpod_result_expired",
                "submit_unknown", "disk_full", "dependency_failed", "cost_cap_exceeded",
            ])
    }

    @Test(arguments: FailureCode.allCases)
    func code_hasOneSentenceAndAHint(code: FailureCode) {
        #expect(code.sentence.hasSuffix(".") && code.sentence.split(separator: " ").count >= 4)
        #expect(!code.sentence.contains("\n") && !code.hint.isEmpty && !code.hint.contains("\n"))
        // A table that masks itself would be useless.
        #expect(Redaction.redacted(code.sentence) == code.sentence && Redaction.redacted(code.hint) == code.hint)
    }

    @Test func code_isRetryableOnlyWhereTryingAgainMayHelp() {
        let retryable: [FailureCode] = [
            .workerTimeout, .runpodSubmitError, .runpodExecutionError, .ffmpegError, .internalError,
        ]
        #expect(FailureCode.allCases.filter(\.isRetryable) == retryable)
    }

    @Test(arguments: FailureCode.allCases)
    func json_roundTrip_isEqual(code: FailureCode) throws {
        for failure in [
            Failure(code, "It failed."), Failure(code, "", hint: "Do this.", isRetryable: !code.isRetryable),
        ] {
            let bytes = JSONWriter.pretty(failure.json)
            #expect(try Failure(json: JSONReader.read(bytes)) == failure)
        }
    }

    @Test func json_hasTheFourKeys() {
        let json = Failure(.diskFull, "No space on /spool.", hint: "Free some.").json
        #expect(
            json == ["code": "disk_full", "message": "No space on /spool.", "hint": "Free some.", "retryable": false])
    }

    @Test func init_codeOfANewerVersion_isInternalErrorThatNamesIt() {
        let failure = Failure(json: ["code": "gpu_on_fire", "message": "It burns.", "hint": "Run.", "retryable": true])
        #expect(failure == Failure(.internalError, "gpu_on_fire: It burns.", hint: "Run.", isRetryable: false))
    }

    @Test(arguments: [.null, [], "x", [:], ["message": "x"], ["code": 7]] as [JSONValue])
    func init_noFailureAtAll_isNil(json: JSONValue) {
        #expect(Failure(json: json) == nil)
    }

    @Test func init_partsOfTheWrongType_takeTheCodesOwn() {
        let failure = Failure(json: ["code": "ffmpeg_error", "message": 5, "hint": [], "retryable": "yes"])
        #expect(failure == Failure(.ffmpegError, ""))
    }

    @Test func init_secretInTheTexts_isMasked() {
        let failure = Failure(.configError, "RUNPOD_API_KEY=abc123 was refused", hint: "See https://u:p@host.")
        #expect(failure.message == "RUNPOD_API_KEY=•••• was refused")
        #expect(failure.hint == "See https://••••@host.")
        #expect("\(failure)" == "config_error: RUNPOD_API_KEY=•••• was refused")
    }
}
