import ArgumentParser
import JobCore

/// Parameters of a job that are to be changed.
struct ChangeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Change a parameter; null removes it. May be repeated.", valueName: "key=value"))
    var set: [String] = []

    func validate() throws { _ = try parameters() }

    /// A value that reads as JSON is taken as such, any other as text: `seed=7`, `prompt=a lighthouse`.
    func parameters() throws -> [String: JSONValue] {
        var changes: [String: JSONValue] = [:]
        for pair in set {
            guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
                throw ValidationError("--set needs KEY=VALUE, for example --set resolution=720p.")
            }
            let value = String(pair[pair.index(after: equals)...])
            changes[String(pair[..<equals])] = (try? JSONReader.read(Array(value.utf8))) ?? .string(value)
        }
        return changes
    }
}
