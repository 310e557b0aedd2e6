import JobCore
import Testing

@Suite struct RedactionTests {
    @Test(arguments: [
        ("RUNPOD_API_KEY=abc123", "RUNPOD_API_KEY=••••"), ("api_key: abc, next", "api_key: ••••, next"),
        (#"{"api_key": "a b\"c", "x": 1}"#, #"{"api_key": "••••", "x": 1}"#),
        (#"{"token":"","password":"x"}"#, #"{"token":"","password":"••••"}"#),
        (#"\"token\": \"abc\", \"x\": 1"#, #"\"token\": \"••••\", \"x\": 1"#),
        ("headers['Token'] = 'x y'", "headers['Token'] = '••••'"),
        ("AWS_SECRET_ACCESS_KEY=a/b+c=", "AWS_SECRET_ACCESS_KEY=••••"),
        ("aws_access_key_id = 0123abcd", "aws_access_key_id = ••••"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ••••"),
        ("Authorization: Basic dXNlcjpw", "Authorization: Basic ••••"),
        ("no entry with Basic ZmlsbTpvcGVu, go", "no entry with Basic ••••, go"),
        ("authorization: abc", "authorization: ••••"), ("sent Bearer Abc1 to it", "sent Bearer •••• to it"),
        ("Authorization%3DBearer%20Abc1", "Authorization%3D••••"),
        ("token:\tabc", "token:\t••••"), ("password=p,q;r)s end", "password=•••• end"),
        ("(password=pq)", "(password=••••)"),
        ("kinospool --api-key abc -x", "kinospool --api-key •••• -x"), ("--token \"a b\" c", "--token \"••••\" c"),
        ("API key: abc", "API key: ••••"), ("secret => abc", "secret => ••••"),
        ("passphrase=ä漢🎬 x", "passphrase=•••• x"),
        ("?a=1&X-Amz-Signature=0f&X-Amz-Credential=A%2Fb&z=2", "?a=1&X-Amz-Signature=••••&X-Amz-Credential=••••&z=2"),
        ("key rpa_0123456789 refused", "key •••• refused"), ("x-rpa_0123456789", "x-••••"),
        (#"a\nrpa_0123456789"#, #"a\n••••"#),
        ("k%3Drpa_0123456789", "k%3D••••"), ("AKIAIOSFODNN7EXAMPLE", "••••"), ("hf_abcdefghij", "••••"),
        ("eyJhbGciOiJI.eyJzdWIiOiIx.c2ln", "••••"),
        ("https://user:pa@ss@host/p?q=a@b", "https://••••@host/p?q=a@b"), ("s3://key@bucket", "s3://••••@bucket"),
        ("token=abc\ntoken=def", "token=••••\ntoken=••••"), ("password=\"never closed\nnext", "password=\"••••\nnext"),
        ("token=", "token="), ("token=&x=1", "token=&x=1"), ("token is bad.", "token is bad."),
    ])
    func redacted_secret_isMasked(text: String, expected: String) {
        #expect(Redaction.redacted(text) == expected)
        #expect(Redaction.redacted(expected) == expected)
    }

    @Test(arguments: [
        "", "paper boats drift", "KINOSPOOL_TOKEN_FILE=/home/me/token.txt", "a bearer token file is needed.",
        "max_tokens=5", "basic training films", "Basic Authentication is off", "Basic realm=\"films\"",
        "Check RUNPOD_API_KEY and RUNPOD_ENDPOINT: kinospool config.", "job mask-of-a-king failed: disk-usage-report",
        "The token: ", "mail bob@example.com", "https://host/a@b", "sherpa_onnx_model_file", "task-1234567890",
        "rpa_short",
        "keyboard=qwerty", "at 14:03:55 exit code=1", "the bearer of news", "• signature missing", "{\"seed\": 42}",
    ])
    func redacted_plainText_isUnchanged(text: String) {
        #expect(Redaction.redacted(text) == text)
    }

    @Test func redacted_plantedKey_neverSurvives() {
        var failures: [String] = []
        for seed in 0..<4000 as Range<UInt64> {
            var random = SeededRandom(seed)
            let alphabet = Array("ABCDEFabcdefxyz0123456789")
            let key = "k7" + String((0..<20).compactMap { _ in alphabet.randomElement(using: &random) })
            let places = [
                "rpa_\(key)", "RUNPOD_API_KEY=\(key)", "\"token\": \"\(key)\"", "Authorization: Bearer \(key)",
                "bearer \(key)",
                "https://u:\(key)@host/x", "&X-Amz-Signature=\(key)&a=b", "--api-key \(key)", "'password':'\(key)'",
            ]
            let noise = (0..<2).map { _ in random.text(count: Int.random(in: 0...15, using: &random)) }
            let text = "\(noise[0]) \(places.randomElement(using: &random) ?? "") \(noise[1])"
            let once = Redaction.redacted(text)
            if once.contains(key) { failures.append("seed \(seed): \(text.debugDescription)") }
            if Redaction.redacted(once) != once { failures.append("seed \(seed) twice: \(once.debugDescription)") }
        }
        #expect(failures == [])
    }

    @Test func redacted_randomPieces_areStableUnderASecondPass() {
        let pieces = [
            "token", "=", ":", " ", "\"", "'", "\\", "rpa_", "abcdefghij", "bearer", "authorization", "basic", "://",
            "@", "%3D",
            ",", ".", "--", "api-key", "\n", "&", "é", "]", "AKIA", Redaction.mask,
        ]
        var failures: [String] = []
        for seed in 0..<20_000 as Range<UInt64> {
            var random = SeededRandom(seed)
            let text = (0..<14).compactMap { _ in pieces.randomElement(using: &random) }.joined()
            let once = Redaction.redacted(text)
            if Redaction.redacted(once) != once { failures.append("seed \(seed): \(text.debugDescription)") }
        }
        #expect(failures.prefix(5) == [])
    }

    /// A walk that looks back or ahead without a bound takes minutes on such texts, not milliseconds.
    @Test(
        .timeLimit(.minutes(3)),
        arguments: [
            ":\" ", "--token ", "://", "\\", "rpa_", "token=\"\\", "bearer", "a@", "= ", "token ", "-", "\"", "%3D",
        ])
    func redacted_largeHostileText_takesLinearTime(piece: String) {
        let text = String(repeating: piece, count: (1 << 16) / piece.utf8.count)
        let once = Redaction.redacted(text)
        #expect(Redaction.redacted(once) == once)
    }
}
