/// The text of one setting, read as a number, a time, a size, a list; it knows how to complain.
struct SettingText {
    let key: SettingKey
    let text: String

    /// `KEY is "value"; it must be …`, with the value of a secret masked.
    func failure(_ wanted: String) -> Failure {
        let shown = key.isSecret ? Redaction.mask : String(text.prefix(200))
        return Failure(
            .configError, "\(key.rawValue) is \"\(shown)\"; it must be \(wanted)",
            hint: "Correct \(key.rawValue) (\(key.meaning)); see where it comes from: kinospool config.")
    }

    /// Any text without control characters; a NUL would cut it short further on.
    func plain() throws(Failure) -> String {
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw failure("one line without control characters.")
        }
        return text
    }

    /// A text without white space: keys, names, addresses.
    func word() throws(Failure) -> String {
        guard !text.contains(where: \.isWhitespace) else { throw failure("one word without spaces.") }
        return try plain()
    }

    /// 0…65535.
    func port() throws(Failure) -> Int {
        guard let number = Self.decimal(text), let port = Int(exactly: number), (0...65_535).contains(port) else {
            throw failure("a port from 1 to 65535, or 0 for any free one.")
        }
        return port
    }

    /// `2`, `2s`, `0.5`, `500ms`, `10m`, `1h`: longer than zero, at most seven days.
    func duration() throws(Failure) -> Duration {
        let wanted = "a time above 0 and at most 7 days, such as 2, 2s, 500ms, 10m or 1h (a bare number is seconds)."
        let scales: [String: Double] = ["": 1000, "s": 1000, "ms": 1, "m": 60_000, "h": 3_600_000]
        guard let (number, unit) = numberAndUnit(), let scale = scales[unit] else { throw failure(wanted) }
        let milliseconds = (number * scale).rounded()
        guard (1...(7 * 86_400_000)).contains(milliseconds) else { throw failure(wanted) }
        return .milliseconds(Int64(milliseconds))
    }

    /// `5 GB`, `500MB`, `1GiB`, `0`, or plain bytes.
    func byteCount() throws(Failure) -> Int64 {
        let wanted = "a size such as 5 GB, 500MB, 1GiB, 0 or a number of bytes."
        let scales: [String: Double] = [
            "": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12,
            "kib": 1024, "mib": 1_048_576, "gib": 1_073_741_824, "tib": 1_099_511_627_776,
        ]
        guard let (number, unit) = numberAndUnit(), let scale = scales[unit],
            let bytes = Int64(exactly: (number * scale).rounded())
        else { throw failure(wanted) }
        return bytes
    }

    /// `preview=1,ffmpeg=1,runpod=3`: lanes that are not named keep their own default.
    func slots() throws(Failure) -> [Lane: Int] {
        var slots = Dictionary(uniqueKeysWithValues: Lane.allCases.map { ($0, $0.defaultSlots) })
        var named: Set<Lane> = []
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", omittingEmptySubsequences: false).map(Self.trimmed)
            guard pair.count == 2 else { throw failure("a list such as preview=1,ffmpeg=1,runpod=3.") }
            guard let lane = Lane(rawValue: pair[0].lowercased()) else { throw unknownLane(pair[0]) }
            guard let count = Self.decimal(pair[1]).flatMap(Int.init(exactly:)), (0...64).contains(count) else {
                throw failure("a list with 0 to 64 slots a lane; \(lane.rawValue) has \"\(pair[1].prefix(40))\".")
            }
            guard named.insert(lane).inserted else { throw failure("a list that names \(lane.rawValue) once.") }
            slots[lane] = count
        }
        return slots
    }

    /// `wan-generate_video`, or `RENDER=wan-nikserg,TTS=chatterbox`.
    func profiles() throws(Failure) -> [JobType: String] {
        let made: [JobType] = [.render, .imageToVideo, .speech, .lipSync, .trainTwin]
        guard text.contains("=") else {
            guard PlainName.isLegal(text) else { throw failure("the name of a profile.") }
            return Dictionary(uniqueKeysWithValues: made.map { ($0, text) })
        }
        var profiles: [JobType: String] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", omittingEmptySubsequences: false).map(Self.trimmed)
            guard pair.count == 2, let type = JobType(rawValue: pair[0].uppercased()), made.contains(type),
                PlainName.isLegal(pair[1])
            else { throw failure("a name, or a list such as RENDER=wan-nikserg,TTS=chatterbox.") }
            profiles[type] = pair[1]
        }
        return profiles
    }

    /// Whole days from 1 on, nil for none.
    func days() throws(Failure) -> Int? {
        guard !text.isEmpty else { return nil }
        let range = 1...CleanupRule.allowedDays.upperBound
        guard let number = Self.decimal(text), let days = Int(exactly: number), range.contains(days) else {
            throw failure("a whole number of days from \(range.lowerBound) to \(range.upperBound).")
        }
        return days
    }

    /// US dollars from 0 on, nil for none.
    func price() throws(Failure) -> Double? {
        guard !text.isEmpty else { return nil }
        guard let price = Self.decimal(text), price <= 1000 else { throw failure("US dollars, such as 0.00031.") }
        return price
    }

    /// Absolute folders joined by `:`, without a slash at the end.
    func folders() throws(Failure) -> [String] {
        var folders: [String] = []
        for part in try plain().split(separator: ":") {
            let names = part.split(separator: "/")
            guard part.hasPrefix("/"), !names.isEmpty, !names.contains(where: { $0 == ".." || $0 == "." }) else {
                throw failure("absolute folders joined by \":\", without \"..\" and other than \"/\".")
            }
            let folder = "/" + names.joined(separator: "/")
            if !folders.contains(folder) { folders.append(folder) }
        }
        return folders
    }

    /// `http://` or `https://` with a host, without a slash at the end.
    func url() throws(Failure) -> String {
        var url = try word()
        let rest = url.lowercased().hasPrefix("https://") ? url.dropFirst(8) : url.dropFirst(7)
        let isWeb = url.lowercased().hasPrefix("https://") || url.lowercased().hasPrefix("http://")
        guard isWeb, let first = rest.first, !"/?#:".contains(first), !rest.contains("?"), !rest.contains("#") else {
            throw failure("a URL that begins with https:// (or http://) and a host, without \"?\" and \"#\".")
        }
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }

    /// Origins joined by `,`: protocol, host and port, nothing behind them; lower-case. Never `*` or `null`.
    func origins() throws(Failure) -> String {
        var origins: [String] = []
        for part in try word().split(separator: ",") {
            let origin = part.lowercased()
            guard let url = WebURL(origin), "\(url.scheme.rawValue)://\(url.authority)" == origin else {
                throw failure("origins such as https://studio.example or http://localhost:5173, joined by \",\".")
            }
            origins.append(origin)
        }
        return origins.joined(separator: ",")
    }

    private func unknownLane(_ name: String) -> Failure {
        let names = Lane.allCases.map(\.rawValue)
        let guess = NearestName.of(name, among: names).map { "; did you mean \"\($0)\"?" } ?? "."
        return failure("a list of lanes (\(names.joined(separator: ", "))); there is no \"\(name.prefix(40))\"\(guess)")
    }

    private func numberAndUnit() -> (Double, String)? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let value = Self.decimal(String(number)) else { return nil }
        return (value, Self.trimmed(text.dropFirst(number.count)).lowercased())
    }

    /// Digits with at most one point: no sign, exponent or hexadecimal, which `Double` would take.
    private static func decimal(_ text: String) -> Double? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let isDecimal = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
        guard parts.count <= 2, isDecimal else { return nil }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        let start = text.firstIndex { !$0.isWhitespace } ?? text.endIndex
        let end = text.lastIndex { !$0.isWhitespace }.map(text.index(after:)) ?? text.endIndex
        return String(text[start..<max(start, end)])
    }
}
