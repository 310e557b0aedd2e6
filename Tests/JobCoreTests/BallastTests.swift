import JobCore
import Testing

@Suite("Ballast")
struct BallastTests {
    private static let mebibyte: Int64 = 1 << 20

    private static func space(free: Int64, total: Int64, freeFiles: Int64 = 0, totalFiles: Int64 = 0) -> DiskSpace {
        DiskSpace(freeBytes: free, totalBytes: total, freeFiles: freeFiles, totalFiles: totalFiles)
    }

    @Test(
        arguments: [
            (1 << 44, 32 * mebibyte), (2048 * mebibyte, 32 * mebibyte), (1024 * mebibyte, 16 * mebibyte),
            (24 * mebibyte, 393_216), (4 * mebibyte, 65_536), (4097, 0), (0, 0), (-1, 0),
        ] as [(Int64, Int64)])
    func size_isASmallPartOfTheDisk_andNeverMoreThan32MiB(total: Int64, expected: Int64) {
        #expect(Ballast.size(in: Self.space(free: 0, total: total)) == expected)
    }

    @Test(
        arguments: [
            // there, closed, free MiB of 4096, step
            (true, false, 0, .nothing), (true, false, 4000, .nothing),
            (true, true, 31, .wait), (true, true, 32, .open),
            (false, false, 63, .wait), (false, false, 64, .make(bytes: 32 * mebibyte, files: 0)),
            (false, true, 63, .wait), (false, true, 64, .make(bytes: 32 * mebibyte, files: 0)),
        ] as [(Bool, Bool, Int64, Ballast.Step)])
    func step_followsFromWhatLiesThereAndWhatIsFree(
        isThere: Bool, isClosed: Bool, free: Int64, expected: Ballast.Step
    ) {
        let space = Self.space(free: free * Self.mebibyte, total: 4096 * Self.mebibyte)
        #expect(Ballast.step(.init(isThere: isThere, isClosed: isClosed, space: space)) == expected)
    }

    @Test(
        arguments: [
            (0, true, .wait), (5, true, .wait), (6, true, .open), (400, true, .open), (11, false, .wait),
            (12, false, .make(bytes: 32 * mebibyte, files: 6)),
        ] as [(Int64, Bool, Ballast.Step)])
    func step_withoutFilesLeft_waits(freeFiles: Int64, isThere: Bool, expected: Ballast.Step) {
        let space = Self.space(free: 1 << 40, total: 1 << 41, freeFiles: freeFiles, totalFiles: 400)
        #expect(Ballast.step(.init(isThere: isThere, isClosed: true, space: space)) == expected)
    }

    /// However a disk fills and empties, the ballast that was made never makes the next look wait or make it again.
    @Test func step_afterItsOwnStep_comesToRest() {
        for freeMebibytes in stride(from: Int64(0), through: 200, by: 1) {
            for (isThere, isClosed) in [(false, false), (false, true), (true, false), (true, true)] {
                var free = freeMebibytes * Self.mebibyte
                var look = Ballast.Look(
                    isThere: isThere, isClosed: isClosed, space: Self.space(free: 0, total: 1 << 40))
                var steps = 0
                loop: while steps < 4 {
                    look.space = Self.space(free: free, total: 1 << 40)
                    switch Ballast.step(look) {
                    case .make(let size, _): (look.isThere, free) = (true, free - size)
                    case .open: look.isClosed = false
                    case .nothing, .wait: break loop
                    }
                    steps += 1
                }
                #expect(steps <= 2 && free >= 0, "\(freeMebibytes) MiB, \(isThere), \(isClosed)")
            }
        }
    }
}
