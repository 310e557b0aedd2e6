import JobCore
import Testing

@Suite struct EnvFileTests {
    @Test(arguments: [
        ("A=b", "b"), ("A=", ""), ("  A = b c  ", "b c"), ("export A=b", "b"), ("export\tA=b", "b"),
        ("A='b # c'", "b # c"),
        ("A=\"b # c\" # d", "b # c"), ("A=b # c", "b"), ("A=b#c", "b#c"), ("A=#c", "#c"), ("A= # c", ""),
        ("A=b\t# c", "b"),
        (#"A="x\ny\"z\\\$\t\q""#, "x\ny\"z\\$\t\\q"), (#"A='x\ny'"#, #"x\ny"#), ("A=\"\"", ""), ("A=''", ""),
        ("A=b=c", "b=c"),
        ("\u{FEFF}A=b", "b"), ("A=b\r\n", "b"), ("\r\n# c\r\n  # d\r\nA=\"b\"\r\n", "b"), ("A=it's", "it's"),
        ("A=é漢", "é漢"),
        ("A=$HOME", "$HOME"),
    ])
    func parse_legalText_yieldsTheValue(text: String, value: String) {
        let (values, problems) = EnvFile.parse(text)
        #expect(values == ["A": value])
        #expect(problems == [])
    }

    @Test func parse_keyThatBeginsWithExport_isThatKey() {
        #expect(EnvFile.parse("exported=1\nexport=2").values == ["exported": "1", "export": "2"])
    }

    @Test(arguments: [
        ("planted", "line 1 is not KEY=value."), ("# c\n\nplanted secret", "line 3 is not KEY=value."),
        ("=planted", "line 1 has no key of letters, digits and _ before the \"=\"."),
        ("planted key=1", "line 1 has no key of letters, digits and _ before the \"=\"."),
        ("1A=planted", "line 1 has no key of letters, digits and _ before the \"=\"."),
        ("A=\"planted", "line 1 opens a quote for A and does not close it."),
        ("A='planted", "line 1 opens a quote for A and does not close it."),
        (#"A="planted\""#, "line 1 opens a quote for A and does not close it."),
        ("A=\"planted\"x", "line 1 has text after the closing quote of A."),
        ("A='planted'#c", "line 1 has text after the closing quote of A."),
    ])
    func parse_malformedLine_isReportedByNumberWithoutItsValue(text: String, problem: String) {
        let (values, problems) = EnvFile.parse(text)
        #expect(values == [:])
        #expect(problems == [problem])
        #expect(!problems.joined().contains("planted"))
    }

    @Test func parse_malformedLine_doesNotHideTheOthers() {
        let (values, problems) = EnvFile.parse("A=1\nnonsense\r\nB=2\nA=3")
        #expect(values == ["A": "3", "B": "2"])
        #expect(problems == ["line 2 is not KEY=value.", "line 4 sets A once more; this one counts."])
    }

    @Test func parse_randomText_neverStopsAndNeverTellsAQuotedValue() {
        var failures: [String] = []
        for seed in 0..<3000 as Range<UInt64> {
            var random = SeededRandom(seed)
            let pieces = ["A", "=", "\"", "'", "\\", "\n", "\r\n", "#", " ", "export ", "é", "1", "planted"]
            let text = (0..<20).compactMap { _ in pieces.randomElement(using: &random) }.joined()
            let (values, problems) = EnvFile.parse(text)
            let lines = text.utf8.count(where: { $0 == 0x0A }) + 1
            if values.count + problems.count > lines { failures.append("seed \(seed): too much") }
            if values.keys.contains(where: { $0.isEmpty || $0.contains(" ") }) {
                failures.append("seed \(seed): bad key")
            }
        }
        #expect(failures == [])
    }

    @Test func unknownKeys_nameTheNearestSettingAndNoValue() {
        let keys = Settings.unknownKeys(in: [
            "KINOSPOOL_PORT": "1", "KINOSPOL_PORT": "planted", "runpod_api_key": "planted",
            "JOB_HEARTBEAT_TIMEOUT_S": "1",
            "WHATEVER": "planted",
        ])
        #expect(
            keys == [
                "JOB_HEARTBEAT_TIMEOUT_S is not a setting; did you mean JOB_HEARTBEAT_TIMEOUT?",
                "KINOSPOL_PORT is not a setting; did you mean KINOSPOOL_PORT?",
                "WHATEVER is not a setting.",
                "runpod_api_key is not a setting; did you mean RUNPOD_API_KEY?",
            ])
    }

    @Test(arguments: [
        ("preview", "preview"), ("PREVIEW", "preview"), ("prevew", "preview"), ("rpeview", "preview"),
        ("noop1", "noop"),
        ("xyz", nil), ("", nil), ("n", nil),
    ])
    func nearestName_isTheOneWithTheFewestErrors(typed: String, nearest: String?) {
        #expect(NearestName.of(typed, among: Lane.allCases.map(\.rawValue)) == nearest)
    }
}
