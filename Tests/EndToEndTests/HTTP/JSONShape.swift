import JobCore

/// The keys of a JSON value and the types of what they hold, one a line: what a client relies on.
enum JSONShape {
    static func text(of value: JSONValue) -> String { lines(value, "").sorted().joined(separator: "\n") }

    private static func lines(_ value: JSONValue, _ path: String) -> [String] {
        switch value {
        case .object(let members):
            ["\(path.isEmpty ? "." : path) object"] + members.flatMap { lines($0.value, "\(path).\($0.key)") }
        case .array(let elements):
            // Elements are alike: the shape of the first stands for all.
            ["\(path.isEmpty ? "." : path) array"] + (elements.first.map { lines($0, "\(path)[]") } ?? [])
        case .null: ["\(path) null"]
        case .bool: ["\(path) boolean"]
        case .integer: ["\(path) integer"]
        case .number: ["\(path) number"]
        case .string: ["\(path) string"]
        }
    }
}
