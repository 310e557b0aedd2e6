import JobCore
import TestSupport

/// All that is random about one history, drawn from a seed; smaller plans are made of it by leaving things out.
struct SimulationPlan: Sendable, CustomStringConvertible {
    /// What lies on the disk before anybody acts.
    enum Start: String, Sendable, CaseIterable {
        case nothing, queued, running, done, failed, canceled
        /// In day folders.
        case archivedDone, archivedCanceled
    }

    /// A process with a list of things to do.
    struct Actor: Sendable {
        var name: String
        var wishes: [Wish]
    }

    let seed: UInt64
    var start: Start
    var actors: [Actor]
    /// Calls after which an actor is killed, by its place in the list.
    var deaths: [Int: Int] = [:]
    /// Changes after which the power fails; nil: it does not.
    var powerCut: Int?
    /// In sixteenths: how often the one that acts goes on.
    var persistence: Int
    /// What the order of the calls is drawn from.
    var schedule: UInt64

    init(seed: UInt64) {
        self.seed = seed
        var random = SeededRandom(seed)
        start = Start.allCases.randomElement(using: &random) ?? .nothing
        persistence = [0, 8, 12, 15].randomElement(using: &random) ?? 0
        schedule = random.next()
        actors = []
        for role in Self.roles.shuffled(using: &random).prefix(Int.random(in: 2...5, using: &random)) {
            let wishes = (0..<Int.random(in: 1...3, using: &random)).compactMap { _ in
                role.wishes.randomElement(using: &random)
            }
            actors.append(Actor(name: role.name, wishes: wishes))
        }
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            for number in actors.indices where Bool.random(using: &random) {
                deaths[number] = Int.random(in: 0...60, using: &random)
            }
        case 1: powerCut = Int.random(in: 0...80, using: &random)
        default: break
        }
    }

    private static let claims = Wish.Ending.allCases.map { Wish.claim($0) }

    /// Who may take part. A person moves files only where it means something (spool/README.md).
    private static let roles: [Actor] = [
        Actor(name: "submitter", wishes: [.submit]), Actor(name: "worker 1", wishes: claims + [.claim(.done)]),
        Actor(name: "worker 2", wishes: claims), Actor(name: "canceler", wishes: [.cancel]),
        Actor(name: "canceler 2", wishes: [.cancel, .look]), Actor(name: "retrier", wishes: [.retry]),
        Actor(name: "retrier 2", wishes: [.retry, .look]), Actor(name: "deleter", wishes: [.delete]),
        Actor(name: "archiver", wishes: [.archive, .archive, .tidy]), Actor(name: "archiver 2", wishes: [.archive]),
        Actor(name: "monitor", wishes: [.failSilent, .repair, .repair]), Actor(name: "janitor", wishes: [.forget]),
        Actor(
            name: "person",
            wishes: [
                .move(.queued, .canceled), .move(.running, .canceled), .move(.failed, .queued), .move(.done, .queued),
                .move(.canceled, .queued), .move(.running, .queued), .remove(.queued), .remove(.done),
            ]),
    ]

    var description: String {
        let who = actors.enumerated().map { number, actor in
            let death = deaths[number].map { ", killed before its call \($0 + 1)" } ?? ""
            return "\(actor.name): \(actor.wishes.map(\.description).joined(separator: ", "))\(death)"
        }
        let power = powerCut.map { "; power fails after \($0) changes" } ?? ""
        return "seed \(seed), begins \(start.rawValue)\(power), schedule \(schedule), persistence \(persistence)\n  "
            + who.joined(separator: "\n  ")
    }

    /// The same with one thing less, every way of leaving one out.
    var smaller: [SimulationPlan] {
        var plans: [SimulationPlan] = []
        func add(_ change: (inout SimulationPlan) -> Void) {
            var plan = self
            change(&plan)
            plans.append(plan)
        }
        if powerCut != nil { add { $0.powerCut = nil } }
        for number in deaths.keys.sorted() { add { $0.deaths[number] = nil } }
        for number in actors.indices where actors.count > 1 {
            add { plan in
                plan.actors.remove(at: number)
                plan.deaths = [:]
                for (dead, calls) in deaths where dead != number {
                    plan.deaths[dead > number ? dead - 1 : dead] = calls
                }
            }
        }
        for (number, actor) in actors.enumerated() where actor.wishes.count > 1 {
            for wish in actor.wishes.indices { add { $0.actors[number].wishes.remove(at: wish) } }
        }
        if persistence < 15 { add { $0.persistence = 15 } }
        return plans
    }
}
