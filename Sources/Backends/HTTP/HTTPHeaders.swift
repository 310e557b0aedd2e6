/// Header fields in the order of the wire; names compare without case.
public struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// One line: its name as written, its value without blanks at the ends.
    public struct Field: Sendable, Equatable {
        public let name: String, value: String

        public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
    }

    /// All lines, in order; a name may stand twice.
    public private(set) var fields: [Field] = []

    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) { fields = elements.map { Field($0, $1) } }

    /// The first value under a name. Setting replaces all of that name; nil removes them.
    public subscript(name: String) -> String? {
        get { fields.first { Self.isSame($0.name, name) }?.value }
        set {
            fields.removeAll { Self.isSame($0.name, name) }
            if let newValue { fields.append(Field(name, newValue)) }
        }
    }

    /// Adds a line and keeps others of the same name.
    public mutating func add(_ name: String, _ value: String) { fields.append(Field(name, value)) }

    /// Only the lines whose names are listed.
    func keeping(_ names: [String]) -> HTTPHeaders {
        var kept = HTTPHeaders()
        kept.fields = fields.filter { field in names.contains { Self.isSame($0, field.name) } }
        return kept
    }

    private static func isSame(_ one: String, _ other: String) -> Bool { one.lowercased() == other.lowercased() }
}
