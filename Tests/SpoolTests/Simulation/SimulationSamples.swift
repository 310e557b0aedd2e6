import JobCore

/// Histories whose judgement is known: what the checker of histories is checked with.
enum SimulationSamples {
    struct Sample: Sendable, CustomStringConvertible {
        let description: String
        let linearization: Linearization
    }

    static let impossible: [Sample] = [
        sample("done after an acknowledged cancel", .running, .done, [(.cancel, .canceled)], [.end(.done, attempt: 1)]),
        sample("a submit that is lost", nil, nil, [(.submit, .accepted)]),
        sample("canceled by nobody", .queued, .canceled, [(.look, .seen(.queued))]),
        sample(
            "missing, though it only moved", .queued, .running, [(.claim(.done), .claimed(1)), (.cancel, .missing)]),
        sample("claimed twice", .queued, .queued, [(.claim(.done), .claimed(1)), (.claim(.done), .claimed(2))]),
        sample("a cancel that a power cut undid", .queued, .queued, [(.cancel, .canceled)], hasLostPower: true),
        sample(
            "canceled though it was removed, and nothing undid that", .queued, .canceled,
            [(.remove(.queued), .yes), (.cancel, .missing)]),
        sample("stuck in running", .queued, .running, [(.claim(.done), .claimed(1))]),
    ]

    static let possible: [Sample] = [
        sample("a cancel that nobody was told of", .running, .canceled, [], [.cancel]),
        sample("the same without its effect", .running, .queued, [], [.cancel]),
        sample("a claim that a power cut undid", .queued, .queued, [(.claim(.done), .claimed(1))], hasLostPower: true),
        sample(
            "a removal that a power cut undid, beside a cancel", .queued, .canceled,
            [(.remove(.queued), .yes), (.cancel, .missing)], hasLostPower: true),
        sample(
            "a life", nil, .done,
            [(.submit, .accepted), (.claim(.done), .claimed(1)), (.end(.done, attempt: 1), .yes)]),
    ]

    /// - Parameters:
    ///   - answered: one after the other.
    ///   - pending: begun before all others, and never answered.
    private static func sample(
        _ name: String, _ start: JobState?, _ rest: JobState?, _ answered: [(Wish, Answer)], _ pending: [Wish] = [],
        hasLostPower: Bool = false
    ) -> Sample {
        var operations = pending.enumerated().map { Operation(actor: "dead", wish: $1, invoked: $0) }
        for (wish, answer) in answered {
            let moment = 10 + operations.count * 2
            operations.append(
                Operation(actor: "alive", wish: wish, invoked: moment, returned: moment + 1, answer: answer))
        }
        let model = JobModel(place: start, attempt: start == .running ? 1 : 0)
        return Sample(
            description: name,
            linearization: Linearization(operations: operations, start: model, rest: rest, hasLostPower: hasLostPower))
    }
}
