/// From a job to the worker's input. Whatever cannot be is said before anything is paid for.
extension WorkerProfile {
    /// Keys of `params` that are Kinospool's own business.
    private static let own: Set<String> = ["embed_recipe", "extra", "profile"]

    /// The parameters whose files the worker needs, in order.
    public func mediaNeeded(by wish: ProfileWish) -> [String] {
        Self.mediaNames.filter { name in
            wish.mediaText(name) != nil && (passesThrough || rules.values.contains { $0.source == name })
        }
    }

    /// Whether the files of a parameter can only go as an address, or only with their bytes; nil for both.
    public func mustBeURL(_ name: String) -> Bool {
        let transports = rules.values.filter { $0.source == name }.compactMap(\.transport)
        return !transports.isEmpty && transports.allSatisfy { $0 == .url }
    }

    /// The worker's `input`.
    ///
    /// - Throws: `invalid_job` with a JSON pointer into the job, before anything is sent.
    public func input(for wish: ProfileWish) throws(Failure) -> [String: JSONValue] {
        guard types.contains(wish.type) else {
            let names = types.map(\.rawValue).sorted().joined(separator: ", ")
            throw Failure(
                .invalidJob, "/type: the profile \(name) makes \(names), no \(wish.type.rawValue).",
                hint: "Set another \"profile\" in the job, or RUNPOD_PROFILE.")
        }
        var input: [String: JSONValue] = passesThrough ? Self.written(wish) : [:]
        input.merge(constants) { _, new in new }
        if passesThrough {
            for (name, media) in wish.media where rules[name] == nil {
                input[name] = try Self.sent(media, .dataURI, "/params/\(name)", self.name).value
            }
        }
        for (key, rule) in rules.sorted(by: { $0.key < $1.key }) { try apply(rule, to: key, wish, &input) }
        input.merge(wish.written["extra"]?.object ?? [:]) { _, new in new }
        return input
    }

    private static func written(_ wish: ProfileWish) -> [String: JSONValue] {
        wish.written.filter { !own.contains($0.key) && $0.value != .null }
    }

    private func apply(
        _ rule: ProfileRule, to key: String, _ wish: ProfileWish, _ input: inout [String: JSONValue]
    ) throws(Failure) {
        let pointer = "/params/\(rule.source ?? key)"
        if let name = rule.source, let transport = rule.transport {
            if let media = wish.media[name] {
                let sent = try Self.sent(media, transport, pointer, self.name, hasURLKey: rule.urlKey != nil)
                input[sent.isURL ? rule.urlKey ?? key : key] = sent.value
                return
            }
        } else if rule.thenValue != nil || rule.elseValue != nil {
            let isThere = rule.source.map { wish.value($0, framesPerSecond: framesPerSecond) != nil } ?? false
            input[key] = isThere ? rule.thenValue : rule.elseValue
            return
        } else if let value = try value(rule, wish, pointer) {
            input[key] = value
            return
        }
        if let value = rule.defaultValue {
            input[key] = rule.kind == .template ? filled(value, wish) : value
        } else if rule.requiredFor.contains(wish.type) {
            throw Failure(.invalidJob, "\(pointer) is missing; the profile \(name) needs it.")
        }
    }

    /// What the job asks for under this rule, in the worker's form; nil when it asks for nothing.
    private func value(_ rule: ProfileRule, _ wish: ProfileWish, _ pointer: String) throws(Failure) -> JSONValue? {
        if let format = rule.format { return formatted(format, wish) }
        guard let source = rule.source, let found = wish.value(source, framesPerSecond: framesPerSecond) else {
            return nil
        }
        var value = found
        if rule.kind == .template { return filled(value, wish) }
        if var number = value.number, rule.kind == .integer || rule.kind == .number || rule.multiple != nil {
            if let multiple = rule.multiple {
                let step = Double(multiple)
                let count = max(((number - Double(rule.plus)) / step).rounded(), rule.plus == 0 ? 1 : 0)
                number = count * step + Double(rule.plus)
            }
            if let minimum = rule.minimum, number < minimum { throw outside(rule, number, pointer) }
            if let maximum = rule.maximum, number > maximum { throw outside(rule, number, pointer) }
            value = rule.kind == .integer ? .integer(Int64(number.rounded())) : .number(number)
            if rule.kind == .any, let whole = Int64(exactly: number) { value = .integer(whole) }
        } else if rule.kind == .integer || rule.kind == .number {
            throw Failure(.invalidJob, "\(pointer) must be a number (is \(value.kindName)).")
        } else if rule.kind == .text, value.string == nil {
            value = .string(JSONWriter.compact(value))
        }
        guard rule.choices.isEmpty || rule.choices.contains(value) else {
            let choices = rule.choices.map { JSONWriter.compact($0) }.joined(separator: ", ")
            throw Failure(
                .invalidJob,
                "\(pointer) must be one of \(choices) for the profile \(name) (is \(JSONWriter.compact(value))).")
        }
        return value
    }

    private func outside(_ rule: ProfileRule, _ number: Double, _ pointer: String) -> Failure {
        let low = rule.minimum.map { DecimalText.short($0) } ?? "…"
        let high = rule.maximum.map { DecimalText.short($0) } ?? "…"
        return Failure(
            .invalidJob,
            "\(pointer) must be \(low) to \(high) for the profile \(name) (is \(DecimalText.short(number))).")
    }

    /// `{width}*{height}`; nil when one of them is not known.
    private func formatted(_ format: String, _ wish: ProfileWish) -> JSONValue? {
        var (text, rest) = ("", format[...])
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = String(rest[rest.index(after: open)..<close])
            guard let value = wish.value(name, framesPerSecond: framesPerSecond) else { return nil }
            text += rest[..<open] + Self.text(value)
            rest = rest[rest.index(after: close)...]
        }
        return .string(text + rest)
    }

    /// A workflow with `{{prompt}}` and its like replaced: a text that is nothing else takes the value's own kind.
    private func filled(_ template: JSONValue, _ wish: ProfileWish) -> JSONValue {
        switch template {
        case .string(let text): return filled(text, wish)
        case .array(let elements): return .array(elements.map { filled($0, wish) })
        case .object(let members): return .object(members.mapValues { filled($0, wish) })
        case .null, .bool, .integer, .number: return template
        }
    }

    private func filled(_ text: String, _ wish: ProfileWish) -> JSONValue {
        var (result, rest) = ("", text[...])
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            let name = String(rest[open.upperBound..<close.lowerBound].trimmed())
            let value = wish.value(name, framesPerSecond: framesPerSecond)
            if let value, open.lowerBound == text.startIndex, close.upperBound == text.endIndex { return value }
            result += rest[..<open.lowerBound] + (value.map(Self.text) ?? "")
            rest = rest[close.upperBound...]
        }
        return .string(result + rest)
    }

    private static func text(_ value: JSONValue) -> String { value.string ?? JSONWriter.compact(value) }

    private static func sent(
        _ media: ProfileMedia, _ transport: ProfileTransport, _ pointer: String, _ profile: String,
        hasURLKey: Bool = false
    ) throws(Failure) -> (value: JSONValue, isURL: Bool) {
        switch (media, transport) {
        case (.url(let url), .dataURI), (.url(let url), .url): return (.string(url), true)
        case (.url(let url), .rawBase64) where hasURLKey: return (.string(url), true)
        case (.url, _):
            throw Failure(
                .invalidJob, "\(pointer): the worker of the profile \(profile) takes files, no addresses.",
                hint: "Download the file and attach it with kinospool submit.")
        case (.file, .url):
            throw Failure(
                .invalidJob, "\(pointer): the worker of the profile \(profile) takes addresses, no files.",
                hint: "Put the file where the worker can fetch it, and give its URL.")
        case (.file(let bytes, let signature, _), .dataURI):
            return (.string("data:\(signature.contentType);base64,\(Base64.encoded(bytes))"), false)
        case (.file(let bytes, _, _), .rawBase64): return (.string(Base64.encoded(bytes)), false)
        case (.file(let bytes, let signature, let name), .comfyImages):
            let uri = "data:\(signature.contentType);base64,\(Base64.encoded(bytes))"
            return ([["name": .string(name), "image": .string(uri)]], false)
        }
    }
}
