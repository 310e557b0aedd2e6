/// The places in a job's parameters that may name a file: one list for everybody who brings files along.
public enum MediaFields {
    /// Keys of the generating types.
    private static let keys = ["image", "end_image", "audio", "video"]

    /// The parameters with every such text replaced by what `body` makes of it.
    ///
    /// - Parameter body: gets the JSON pointer below `/params` and the text.
    public static func map<Problem: Error>(
        _ params: [String: JSONValue], _ body: (String, String) throws(Problem) -> String
    ) throws(Problem) -> [String: JSONValue] {
        var result = params
        for key in keys {
            if let text = params[key]?.string { result[key] = .string(try body("/\(key)", text)) }
        }
        for key in ["clips", "audio"] {
            guard let elements = params[key]?.array else { continue }
            var changed: [JSONValue] = []
            for (index, element) in elements.enumerated() {
                changed.append(try mapElement(element, "/\(key)/\(index)", body))
            }
            result[key] = .array(changed)
        }
        if let text = params["captions"]?.string {
            result["captions"] = .string(try mapped("/captions", text, body))
        } else if var members = params["captions"]?.object, let text = members["file"]?.string {
            members["file"] = .string(try mapped("/captions/file", text, body))
            result["captions"] = .object(members)
        }
        return result
    }

    /// Every such text, in no particular order.
    public static func texts(in params: [String: JSONValue]) -> [String] {
        var texts: [String] = []
        _ = map(params) { (_, text) throws(Never) -> String in
            texts.append(text)
            return text
        }
        return texts
    }

    private static func mapElement<Problem: Error>(
        _ element: JSONValue, _ pointer: String, _ body: (String, String) throws(Problem) -> String
    ) throws(Problem) -> JSONValue {
        if let text = element.string { return .string(try mapped(pointer, text, body)) }
        guard var members = element.object else { return element }
        for key in ["url", "path"] {
            if let text = members[key]?.string { members[key] = .string(try mapped("\(pointer)/\(key)", text, body)) }
        }
        return .object(members)
    }

    /// `job:ID` names no file.
    private static func mapped<Problem: Error>(
        _ pointer: String, _ text: String, _ body: (String, String) throws(Problem) -> String
    ) throws(Problem) -> String {
        text.lowercased().hasPrefix("job:") ? text : try body(pointer, text)
    }
}
