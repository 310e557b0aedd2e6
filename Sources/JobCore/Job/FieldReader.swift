/// Reads the members of one JSON object and names the offender by JSON pointer (RFC 6901).
struct FieldReader {
    let fields: [String: JSONValue]
    /// Pointer of the object itself, `""` for the whole file.
    let pointer: String

    /// The failure for one key: `/params/duration must be 0.1 to 3600 (is 1e+300)`.
    func failure(_ key: String, _ reason: String) -> Failure {
        Failure(.invalidJob, "\(Self.pointer(pointer, key)) \(reason)")
    }

    /// The pointer of a member of what another pointer names.
    static func pointer(_ parent: String, _ key: String) -> String {
        "\(parent)/" + key.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    func text(_ key: String, maximumBytes: Int = 1024) throws(Failure) -> String? {
        guard let value = present(key) else { return nil }
        guard let text = value.string else { throw mismatch(key, "a string", value) }
        guard text.utf8.count <= maximumBytes else {
            throw failure(key, "has \(text.utf8.count) bytes, the limit is \(maximumBytes)")
        }
        return text
    }

    func number(_ key: String, in range: ClosedRange<Double>) throws(Failure) -> Double? {
        guard let value = present(key) else { return nil }
        guard let number = value.number else { throw mismatch(key, "a number", value) }
        guard range.contains(number) else {
            throw failure(key, "must be \(short(range.lowerBound)) to \(short(range.upperBound)) (is \(short(number)))")
        }
        return number
    }

    func integer(_ key: String, in range: ClosedRange<Int>) throws(Failure) -> Int? {
        guard let value = present(key) else { return nil }
        guard value.number != nil else { throw mismatch(key, "a whole number", value) }
        guard let number = value.integer.flatMap(Int.init(exactly:)), range.contains(number) else {
            let found = value.number.map(short) ?? ""
            throw failure(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound) (is \(found))")
        }
        return number
    }

    func bool(_ key: String) throws(Failure) -> Bool? {
        guard let value = present(key) else { return nil }
        guard let flag = value.bool else { throw mismatch(key, "true or false", value) }
        return flag
    }

    func time(_ key: String) throws(Failure) -> Timestamp? {
        guard let text = try text(key) else { return nil }
        guard let time = Timestamp(text) else {
            throw failure(key, "must be a time such as 2026-11-23T09:00:00Z (is \"\(text.prefix(40))\")")
        }
        return time
    }

    func texts(_ key: String, maximumCount: Int) throws(Failure) -> [String] {
        guard let value = present(key) else { return [] }
        guard let elements = value.array else { throw mismatch(key, "an array of strings", value) }
        guard elements.count <= maximumCount else {
            throw failure(key, "has \(elements.count) elements, the limit is \(maximumCount)")
        }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = element.string, text.utf8.count <= 1024 else {
                throw failure(key, "needs a string of at most 1024 bytes at index \(index)")
            }
            texts.append(text)
        }
        return texts
    }

    /// One of a few words, in any case of letters.
    func word<Word: RawRepresentable & CaseIterable>(_ key: String, _ type: Word.Type) throws(Failure) -> Word?
    where Word.RawValue == String {
        guard let text = try text(key, maximumBytes: 64) else { return nil }
        guard let word = Word(rawValue: text.lowercased()) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure(key, "must be one of \(words) (is \"\(text)\")")
        }
        return word
    }

    /// The elements of an array, each with the reader of a lone member named by its index.
    func elements(_ key: String, maximumCount: Int) throws(Failure) -> [(index: String, reader: FieldReader)] {
        guard let value = present(key) else { return [] }
        guard let elements = value.array else { throw mismatch(key, "an array", value) }
        guard elements.count <= maximumCount else {
            throw failure(key, "has \(elements.count) elements, the limit is \(maximumCount)")
        }
        return elements.enumerated().map { index, element in
            ("\(index)", FieldReader(fields: ["\(index)": element], pointer: "\(pointer)/\(key)"))
        }
    }

    func object(_ key: String) throws(Failure) -> FieldReader {
        guard let value = present(key) else { return FieldReader(fields: [:], pointer: "\(pointer)/\(key)") }
        guard let members = value.object else { throw mismatch(key, "an object", value) }
        return FieldReader(fields: members, pointer: "\(pointer)/\(key)")
    }

    /// A missing key and `null` are the same wish: none.
    func present(_ key: String) -> JSONValue? {
        fields[key].flatMap { $0 == .null ? nil : $0 }
    }

    func mismatch(_ key: String, _ wanted: String, _ value: JSONValue) -> Failure {
        failure(key, "must be \(wanted) (is \(value.kindName))")
    }

    private func short(_ number: Double) -> String {
        Int64(exactly: number).flatMap { $0.magnitude < 1 << 53 ? String($0) : nil } ?? "\(number)"
    }
}
