/// One box of an MP4 or MOV file in memory, and what is in it.
///
/// Format: ISO/IEC 14496-12, section 4.2: 32-bit size, four letters, a 64-bit size where the first is 1.
///
/// Invariants:
/// 1. Nothing outside `range` is ever read, whatever the sizes in the file say.
/// 2. Boxes fill the box they stand in exactly; one that does not is no box that is read here.
struct MovieBox {
    /// All bytes, and those of this box without its head.
    let bytes: [UInt8], range: Range<Int>
    /// Its four letters.
    let name: String

    /// Boxes in one box; an index of ffmpeg has about ten.
    private static let limit = 64

    init(_ bytes: [UInt8], _ range: Range<Int>, name: String) {
        (self.bytes, self.range, self.name) = (bytes, range, name)
    }

    var count: Int { range.count }

    /// The big-endian number of `width` bytes at an offset; nil behind the end and beyond 62 bits.
    func number(at offset: Int, width: Int) -> Int? {
        guard offset >= 0, offset <= count - width else { return nil }
        var value: UInt64 = 0
        for index in 0..<width { value = value << 8 | UInt64(bytes[range.lowerBound + offset + index]) }
        return value < 1 << 62 ? Int(value) : nil
    }

    /// The bytes from an offset on.
    func bytes(from offset: Int) -> ArraySlice<UInt8> {
        bytes[min(range.lowerBound + offset, range.upperBound)..<range.upperBound]
    }

    /// The box's version; nil where its flags are not those given.
    func version(flags: Int? = nil) -> Int? {
        guard let word = number(at: 0, width: 4), flags == nil || word & 0xFF_FFFF == flags else { return nil }
        return word >> 24
    }

    /// The boxes from an offset to the end; nil when they do not fill it, or when there are too many.
    func boxes(from offset: Int = 0) -> [MovieBox]? {
        var (boxes, position): ([MovieBox], Int) = ([], range.lowerBound + offset)
        while position < range.upperBound {
            guard boxes.count < Self.limit, let head = BoxHead(bytes[position..<min(position + 16, range.upperBound)]),
                head.size <= range.upperBound - position
            else { return nil }
            boxes.append(MovieBox(bytes, position + head.length..<position + head.size, name: head.name))
            position += head.size
        }
        return position == range.upperBound ? boxes : nil
    }
}

extension [MovieBox] {
    /// The box of this name; nil when there is none or more than one.
    func only(_ name: String) -> MovieBox? {
        let found = filter { $0.name == name }
        return found.count == 1 ? found[0] : nil
    }
}
