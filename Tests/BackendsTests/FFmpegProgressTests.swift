import Testing

@testable import Backends

@Suite("Lines and numbers from programs")
struct FFmpegProgressTests {
    @Test func take_ofARecordedRun_risesToAHundred() {
        var progress = FFmpegProgress(duration: 5)
        var percents: [Int] = []
        let lines = [
            "frame=0", "out_time_us=N/A", "out_time_ms=N/A", "speed=N/A", "progress=continue",
            "out_time_us=-23220", "progress=continue", "out_time_us=1250000", "speed=2.41x", "progress=continue",
            "out_time_us=1000000", "progress=continue", "out_time_us=5100000", "progress=continue", "progress=end",
        ]
        for line in lines where progress.take(line) { percents.append(progress.percent) }
        #expect(percents == [0, 0, 25, 25, 100, 100])
        #expect(progress.speed == 2.41)
    }

    @Test(arguments: ["", "=", "nonsense", "out_time_us=", "out_time_us=99999999999999999999", "progress"])
    func take_ofABrokenLine_changesNothing(line: String) {
        var progress = FFmpegProgress(duration: 5)
        #expect(!progress.take(line) && progress.percent == 0)
    }

    @Test func take_withoutALength_staysAtZeroUntilTheEnd() {
        var progress = FFmpegProgress(duration: 0)
        _ = progress.take("out_time_us=1000000")
        #expect(progress.percent == 0)
        #expect(progress.take("progress=end") && progress.percent == 100)
    }

    @Test func lines_inPiecesOfAnySize_areTheSame() {
        let bytes = Array("one\r\ntwo\n\nthrée\rlast".utf8)
        for size in 1...bytes.count {
            var splitter = LineSplitter()
            var lines: [String] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                lines += splitter.lines(adding: bytes[start..<min(start + size, bytes.count)])
            }
            if let last = splitter.finish() { lines.append(last) }
            #expect(lines == ["one", "two", "thrée", "last"], "pieces of \(size)")
        }
    }

    @Test func lines_withoutAnEnd_areCutAtTheLimit() {
        var splitter = LineSplitter()
        let lines = splitter.lines(adding: [UInt8](repeating: 97, count: 100_000) + [10])
        #expect(lines.map(\.utf8.count) == [LineSplitter.maximumLineBytes])
    }

    @Test func tail_keepsTheLastLinesWithinTheLimit() {
        var tail = TextTail(limit: 12)
        for line in ["aaaa", "bbbb", "cccc"] { tail.add(line) }
        #expect(tail.text == "bbbb\ncccc")
        tail.add("a line longer than the limit")
        #expect(tail.text == "a line longer than the limit")
    }
}
