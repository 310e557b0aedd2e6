import JobCore
import Testing

@Suite struct SHA256Tests {
    /// The examples of NIST: https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ])
    func hex_knownText_isTheKnownDigest(text: String, digest: String) {
        #expect(SHA256.hex(of: text.utf8) == digest)
    }

    @Test func hex_millionTimesA_isTheKnownDigest() {
        let digest = SHA256.hex(of: repeatElement(UInt8(ascii: "a"), count: 1_000_000))
        #expect(digest == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    /// The digest of the bytes 0, 1, 2 … of each length around the block's borders, as `sha256sum` gives it.
    @Test(arguments: [
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (55, "463eb28e72f82e0a96c0a4cc53690c571281131f672aa229e0d45ae59b598b59"),
        (56, "da2ae4d6b36748f2a318f23e7ab1dfdf45acdc9d049bd80e59de82a60895f562"),
        (63, "29af2686fd53374a36b0846694cc342177e428d1647515f078784d69cdb9e488"),
        (64, "fdeab9acf3710362bd2658cdc9a29e8f9c757fcf9811603a8c447cd1d9151108"),
        (65, "4bfd2c8b6f1eec7a2afeb48b934ee4b2694182027e6d0fc075074f2fabb31781"),
        (119, "da18797ed7c3a777f0847f429724a2d8cd5138e6ed2895c3fa1a6d39d18f7ec6"),
        (120, "f52b23db1fbb6ded89ef42a23ce0c8922c45f25c50b568a93bf1c075420bbb7c"),
        (127, "92ca0fa6651ee2f97b884b7246a562fa71250fedefe5ebf270d31c546bfea976"),
        (128, "471fb943aa23c511f6f72f8d1652d9c880cfa392ad80503120547703e56a2be5"),
        (1000, "a8af099bf2e878609558dbf69d8f88f4a31040a8cf84b549a0cfa912f12ffc3f"),
        (65537, "2deb0bd2129a9d3aed91e3cff58b3993752be549642890a3e853ec1065f9b617"),
    ])
    func hex_lengthAroundABlock_isTheKnownDigest(count: Int, digest: String) {
        #expect(SHA256.hex(of: (0..<count).map { UInt8(truncatingIfNeeded: $0) }) == digest)
    }

    @Test func update_inAnyPieces_givesTheSameDigest() {
        var failures: [String] = []
        for seed in 0..<60 as Range<UInt64> {
            var random = SeededRandom(seed)
            let bytes = (0..<Int.random(in: 0...400, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            var hash = SHA256()
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 0...130, using: &random))
                if Bool.random(using: &random) {
                    piece.withUnsafeBytes { hash.update($0) }
                } else {
                    hash.update(piece.lazy.map { $0 })
                }
                rest = rest.dropFirst(piece.count)
            }
            if hash.finished() != SHA256.hex(of: bytes) { failures.append("seed \(seed)") }
        }
        #expect(failures == [])
    }

    @Test func finished_ofACopy_leavesTheOriginalUsable() {
        var hash = SHA256()
        hash.update("ab".utf8)
        let copy = hash
        hash.update("c".utf8)
        #expect(copy.finished() == SHA256.hex(of: "ab".utf8))
        #expect(hash.finished() == SHA256.hex(of: "abc".utf8))
    }
}
