/// Where the frames of a track lie in its file, and when each is shown: the box `stbl` (ISO/IEC 14496-12, chapter 8).
///
/// Invariants:
/// 1. `init` answers nil for a table that contradicts itself.
/// 2. It has no more than `limit` frames.
struct SampleTable: Sendable, Equatable {
    /// Frames.
    let count: Int
    /// The one length that all frames have, or all but the last, in ticks; nil where they differ.
    let frameLength: Int?, hasOddLast: Bool
    /// Sum of all lengths, and the moment of the first frame, which is the earliest; nil when another frame is.
    let length: Int, start: Int?
    /// Where each frame lies in the file, in their order.
    let places: [Range<Int>]

    /// Most frames: four hours at 60 a second, and the sound of ten.
    private static let limit = 2_000_000

    /// - Parameter boxes: those in `stbl`.
    init?(_ boxes: [MovieBox]) {
        guard let durations = boxes.only("stts").flatMap({ Self.table($0, [4, 4]) }),
            let sizes = boxes.only("stsz").flatMap(Self.sizes),
            let runs = boxes.only("stsc").flatMap({ Self.table($0, [4, 4, 4]) }),
            let chunks = boxes.only("stco").flatMap({ Self.table($0, [4]) })
                ?? boxes.only("co64").flatMap({ Self.table($0, [8]) }),
            let clock = Self.clock(durations, frames: sizes.count),
            let places = Self.places(sizes, runs, chunks.map { $0[0] })
        else { return nil }
        (count, frameLength, hasOddLast, length) = (sizes.count, clock.frame, clock.hasOddLast, clock.length)
        self.places = places
        if boxes.contains(where: { $0.name == "ctts" }) {
            guard let offsets = boxes.only("ctts").flatMap({ Self.table($0, [4, 4]) }),
                let first = Self.first(offsets, durations, frames: sizes.count)
            else { return nil }
            start = first.isEarliest ? first.moment : nil
        } else {
            start = 0
        }
    }

    /// The rows of a table of version 0 that fills its box.
    private static func table(_ box: MovieBox, _ widths: [Int]) -> [[Int]]? {
        let width = widths.reduce(0, +)
        guard box.version(flags: 0) == 0, let count = box.number(at: 4, width: 4), count <= limit,
            box.count == 8 + count * width
        else { return nil }
        var rows: [[Int]] = []
        rows.reserveCapacity(count)
        for index in 0..<count {
            var (row, offset): ([Int], Int) = ([], 8 + index * width)
            for width in widths {
                guard let value = box.number(at: offset, width: width) else { return nil }
                row.append(value)
                offset += width
            }
            rows.append(row)
        }
        return rows
    }

    /// The size of every frame; none is empty.
    private static func sizes(_ box: MovieBox) -> [Int]? {
        guard box.version(flags: 0) == 0, let same = box.number(at: 4, width: 4),
            let count = box.number(at: 8, width: 4), count > 0, count <= limit
        else { return nil }
        guard same == 0 else { return box.count == 12 ? Array(repeating: same, count: count) : nil }
        guard box.count == 12 + count * 4 else { return nil }
        let sizes = (0..<count).compactMap { box.number(at: 12 + $0 * 4, width: 4) }
        return sizes.allSatisfy { $0 > 0 } ? sizes : nil
    }

    private static func clock(
        _ durations: [[Int]], frames: Int
    ) -> (frame: Int?, hasOddLast: Bool, length: Int)? {
        guard let first = durations.first, durations.allSatisfy({ $0[0] > 0 && $0[1] > 0 && $0[0] <= limit }),
            durations.reduce(0, { $0 + $1[0] }) == frames
        else { return nil }
        let hasOddLast = durations.count == 2 && durations[1][0] == 1
        // At most 2^21 frames of 2^32 ticks.
        return (
            durations.count == 1 || hasOddLast ? first[1] : nil, hasOddLast,
            durations.reduce(0) { $0 + $1[0] * $1[1] }
        )
    }

    /// The moment at which the first frame is shown, and whether all others come later; nil when the two tables differ.
    private static func first(
        _ offsets: [[Int]], _ durations: [[Int]], frames: Int
    ) -> (moment: Int, isEarliest: Bool)? {
        guard let moment = offsets.first?[1], offsets.allSatisfy({ $0[0] > 0 && $0[0] <= limit && $0[1] < 1 << 31 }),
            offsets.reduce(0, { $0 + $1[0] }) == frames
        else { return nil }
        var (time, run, left) = (0, 0, durations[0][0])
        for (position, offset) in offsets.enumerated() {
            for index in 0..<offset[0] {
                if position + index > 0, time + offset[1] <= moment { return (moment, false) }
                time += durations[run][1]
                left -= 1
                if left == 0, run + 1 < durations.count {
                    run += 1
                    left = durations[run][0]
                }
            }
        }
        return (moment, true)
    }

    /// Frames lie in chunks one behind the other; a run says how many frames each of the chunks from one on has.
    private static func places(_ sizes: [Int], _ runs: [[Int]], _ chunks: [Int]) -> [Range<Int>]? {
        guard runs.first?[0] == 1, runs.allSatisfy({ $0[1] > 0 && $0[2] == 1 }) else { return nil }
        var (places, frame): ([Range<Int>], Int) = ([], 0)
        for (index, run) in runs.enumerated() {
            let end = index + 1 < runs.count ? runs[index + 1][0] - 1 : chunks.count
            guard run[0] - 1 < end, end <= chunks.count else { return nil }
            for chunk in run[0] - 1..<end {
                guard run[1] <= sizes.count - frame, chunks[chunk] < 1 << 61 else { return nil }
                var start = chunks[chunk]
                for size in sizes[frame..<frame + run[1]] {
                    places.append(start..<start + size)
                    start += size
                }
                frame += run[1]
            }
        }
        return frame == sizes.count ? places : nil
    }
}
