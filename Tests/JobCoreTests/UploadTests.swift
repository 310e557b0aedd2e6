import JobCore
import Testing

@Suite struct UploadTests {
    @Test(
        arguments: [
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], UploadKind.png), ([0xFF, 0xD8, 0xFF, 0xE0], .jpg),
            (Array("RIFF....WEBPVP8 ".utf8), .webp), (Array("RIFF....WAVEfmt ".utf8), .wav),
            (Array("GIF89a".utf8), .gif),
            (Array("ID3\u{4}".utf8), .mp3), (Array("fLaC".utf8), .flac), (Array("OggS".utf8), .ogg),
            (Array("\0\0\0 ftypisom".utf8), .mp4), ([0x1A, 0x45, 0xDF, 0xA3], .webm), (Array("<svg>".utf8), nil),
            (Array("RIFF....AVI ".utf8), nil), (Array("<html>".utf8), nil), ([], nil), ([0x89, 0x50], nil),
        ] as [([UInt8], UploadKind?)])
    func kind_isToldByTheBytes(bytes: [UInt8], kind: UploadKind?) { #expect(UploadKind(sniffing: bytes) == kind) }

    @Test func name_readsItsOwnReference_andNoPath() {
        let digits = String(repeating: "0a", count: 32)
        #expect(UploadName(reference: "upload:\(digits)")?.sha256 == digits)
        for wrong in ["upload:../x", "upload:", digits, "upload:\(digits)0", "upload:\(digits.uppercased())"] {
            #expect(UploadName(reference: wrong) == nil)
        }
    }
}
