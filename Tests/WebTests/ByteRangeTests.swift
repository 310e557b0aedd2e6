import Testing

@testable import Web

/// RFC 9110, 14: what of a file of 1000 bytes is sent.
@Suite struct ByteRangeTests {
    @Test(arguments: [
        (nil, ByteRange.whole),
        ("bytes=0-99", .part(first: 0, last: 99)),
        ("bytes=1-1", .part(first: 1, last: 1)),
        ("bytes=900-", .part(first: 900, last: 999)),
        ("bytes=-500", .part(first: 500, last: 999)),
        ("bytes=-5000", .part(first: 0, last: 999)),
        ("bytes=990-5000", .part(first: 990, last: 999)),
        ("bytes=0-99999999999999999999", .part(first: 0, last: 999)),
        ("BYTES=0-0", .part(first: 0, last: 0)),
        ("bytes= 0 - 0", .part(first: 0, last: 0)),
        ("bytes=1000-", .unsatisfiable),
        ("bytes=99999999999999999999-", .unsatisfiable),
        ("bytes=-0", .unsatisfiable),
        ("bytes=5-4", .whole),
        ("bytes=0-1,5-6", .whole),
        ("bytes=abc", .whole),
        ("bytes=-", .whole),
        ("bytes=1-2-3", .whole),
        ("bytes=+1-2", .whole),
        ("bytes", .whole),
        ("items=0-1", .whole),
    ])
    func range_ofAThousandBytes(header: String?, wanted: ByteRange) {
        #expect(ByteRange(header: header, size: 1000) == wanted)
    }

    @Test func range_ofAnEmptyFile_isNeverSatisfiable() {
        #expect(ByteRange(header: "bytes=0-", size: 0) == .unsatisfiable)
        #expect(ByteRange(header: "bytes=-1", size: 0) == .unsatisfiable)
        #expect(ByteRange(header: nil, size: 0) == .whole)
    }
}
