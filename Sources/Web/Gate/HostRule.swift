/// Which `Host` a request may name. A page that a stranger's name was pointed at us for (DNS rebinding) names his.
struct HostRule: Sendable, Equatable {
    enum Verdict: Sendable, Equatable {
        case ours
        /// Not a name and port of ours: 421.
        case foreign
    }

    /// The port we listen on.
    let port: Int
    /// Names that count with our port, lower-case.
    private let names: Set<String>
    /// Names that were allowed together with a port.
    private let places: Set<String>
    /// Whether every address counts: bound to all of them, none can be told from ours. An address cannot be rebound.
    private let takesAddresses: Bool

    /// - Parameters:
    ///   - host: the address that was bound.
    ///   - allowed: further names, or `name:port`.
    init(host: String, port: Int, allowed: [String]) {
        self.port = port
        let lowered = allowed.map { $0.lowercased() }
        let isPlace = { (text: String) in Self.parts(text)?.port != nil }
        places = Set(lowered.filter(isPlace))
        let bound = host.lowercased()
        names = Set(["127.0.0.1", "localhost", "[::1]", bound.contains(":") ? "[\(bound)]" : bound])
            .union(lowered.filter { !isPlace($0) })
        takesAddresses = ["0.0.0.0", "::"].contains(bound)
    }

    /// - Parameter text: the `Host` header as it came.
    func verdict(_ text: String) -> Verdict {
        let lowered = text.lowercased()
        guard let (name, port) = Self.parts(lowered) else { return .foreign }
        if places.contains(lowered) { return .ours }
        guard (port ?? 80) == self.port else { return .foreign }
        return names.contains(name) || takesAddresses && Self.isAddress(name) ? .ours : .foreign
    }

    /// Name and port; nil for what is no authority.
    static func parts(_ text: String) -> (name: String, port: Int?)? {
        let end: String.Index
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else { return nil }
            end = text.index(after: close)
        } else {
            end = text.firstIndex(of: ":") ?? text.endIndex
        }
        let (name, rest) = (String(text[..<end]), text[end...])
        guard !name.isEmpty else { return nil }
        if rest.isEmpty { return (name, nil) }
        let digits = rest.dropFirst()
        guard rest.first == ":", (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return (name, Int(digits))
    }

    private static func isAddress(_ name: String) -> Bool {
        if name.hasPrefix("[") {
            return name.dropFirst().dropLast().utf8.allSatisfy { byte in
                (48...58).contains(byte) || (97...102).contains(byte) || byte == UInt8(ascii: ".")
            }
        }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
