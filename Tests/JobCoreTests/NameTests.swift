import JobCore
import Testing

@Suite struct SlugTests {
    @Test(arguments: [
        ("Paper Boats", 40, "paper-boats"), ("  a -- b  ", 40, "a-b"), ("ÄÖ ü1", 40, "1"), ("", 40, ""),
        ("!!!", 40, ""),
        ("one two three", 7, "one-two"), ("one two three", 8, "one-two"), ("one two three", 10, "one-two"),
        ("one two three", 13, "one-two-three"), ("abcdefgh", 4, "abcd"), ("a bcdefghij", 6, "a-bcde"), ("abc", 0, ""),
    ])
    func text_ofAName_isSafeAndCutAfterAWord(name: String, limit: Int, slug: String) {
        #expect(Slug.text(of: name, limit: limit) == slug)
    }

    @Test func text_ofRandomNames_keepsItsPromises() {
        var random = SeededRandom(31)
        var failures: [String] = []
        for _ in 0..<3000 {
            let name = random.text(count: Int.random(in: 0...30, using: &random))
            let limit = Int.random(in: 0...20, using: &random)
            let slug = Slug.text(of: name, limit: limit)
            let isSafe = slug.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 }
            let isTidy = !slug.hasPrefix("-") && !slug.hasSuffix("-") && !slug.contains("--")
            if !isSafe || !isTidy || slug.utf8.count > limit || Slug.text(of: slug, limit: limit) != slug {
                failures.append("\(name.debugDescription), \(limit): \(slug)")
            }
        }
        #expect(failures == [])
    }
}

@Suite struct PlainNameTests {
    @Test(arguments: ["a", "cat.png", "My Film (2).mp4", "漢字.mp4", "a..b", "a.", String(repeating: "x", count: 200)])
    func isLegal_plainName_isTrue(name: String) {
        #expect(PlainName.isLegal(name))
    }

    @Test(arguments: [
        "", ".", "..", ".hidden", "-i", "a/b", "/a", "a\\b", "a\nb", "a\u{0}", "a\u{7F}", "\u{1}",
        String(repeating: "x", count: 201), String(repeating: "é", count: 101),
    ])
    func isLegal_anythingElse_isFalse(name: String) {
        #expect(!PlainName.isLegal(name))
    }
}

@Suite struct StableHashTests {
    /// The test vectors of the algorithm's authors.
    @Test(
        arguments: [
            ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
        ] as [(String, UInt64)])
    func of_knownText_isTheKnownHash(text: String, hash: UInt64) {
        #expect(StableHash.of(text) == hash)
    }
}
