import JobCore
import Spool
import TestSupport

/// Carries out one plan on a fake disk and judges what came of it.
struct Simulation {
    let plan: SimulationPlan
    private let history = History()
    private let disk: FakeDisk
    private let clock: ManualClock
    private let durability: Durability

    /// What came of a plan.
    struct Verdict: Sendable {
        var findings: [String]
        var operations: [Operation]
    }

    init(_ plan: SimulationPlan) throws {
        self.plan = plan
        durability = plan.powerCut == nil ? .fast : .full
        clock = ManualClock()
        disk = FakeDisk(clock: clock, state: try SimulationStart.state(plan.start))
    }

    func run() throws -> Verdict {
        if let powerCut = plan.powerCut { disk.crash(after: powerCut) }
        let turnstile = Turnstile(
            disk, count: plan.actors.count, seed: plan.schedule, persistence: plan.persistence, deaths: plan.deaths,
            watch: watch)
        turnstile.run(
            plan.actors.enumerated().map { number, actor in
                let actor = SimulatedActor(
                    plan: actor, folder: folder(seed: plan.seed &+ UInt64(number)), disk: disk, history: history)
                return { actor.act() }
            })
        disk.reboot(powerCut: plan.powerCut != nil, seed: plan.schedule)
        var findings = history.findings
        let world = try SpoolWorld(state: disk.state, clock: clock, durability: durability, seed: plan.seed &+ 99)
        let rest: JobState?
        do {
            try world.recover()
            rest = try world.spool.state(of: SpoolWorld.id)
            if rest == nil { _ = try world.spool.forget(SpoolWorld.id) }
            findings += try atRest(world, rest)
        } catch {
            return Verdict(findings: findings + ["recovery threw \(error)"], operations: history.operations)
        }
        let order = Linearization(
            operations: history.operations, start: SimulationStart.model(plan.start), rest: rest,
            hasLostPower: plan.powerCut != nil)
        if !order.exists() {
            findings.append("the job is \(rest?.rawValue ?? "nowhere"); no order of the operations explains it all")
        }
        return Verdict(findings: findings + errors, operations: history.operations)
    }

    /// Errors that people or an owner would read. Those of the daemon's own rounds, and of two who delete the same
    /// record at once, are answered by another try.
    private var errors: [String] {
        history.operations.compactMap { operation in
            guard case .threw(let error)? = operation.answer else { return nil }
            switch operation.wish {
            case .claim, .repair, .forget, .delete: return nil
            default: return "\(operation.actor) threw \(error)"
            }
        }
    }

    private func folder(seed: UInt64) -> SpoolFolder {
        SpoolFolder(
            files: disk, root: "/spool", durability: durability, now: { [clock] in clock.now },
            random: SeededRandom.source(seed))
    }

    /// One place per id, at every moment.
    private var watch: @Sendable (String) -> Void {
        { [disk, history] call in
            guard call == "renameat2" || call == "linkat" else { return }
            let places = disk.state.places(of: "\(SpoolWorld.id).json").filter {
                SpoolLayout.place(ofFolder: $0) != nil
            }
            if places.count > 1 { history.note("the job lies in \(places.joined(separator: " and "))") }
        }
    }

    private func atRest(_ world: SpoolWorld, _ rest: JobState?) throws -> [String] {
        var findings = try JobInspection(world: world).violations()
        // A person's `mv` out of done/ leaves the links until the next claim.
        if rest != .done, rest != .queued {
            findings += try world.disk.list(SpoolLayout.films).map { "films/\($0.name) shows a job that is not done" }
        }
        if try world.spool.allIDs().contains(where: { $0 != SpoolWorld.id }) {
            findings.append("a job came from nowhere")
        }
        do {
            findings += try JobInspection(world: world).violationsOfAnotherLife()
        } catch {
            findings.append("another life threw \(error)")
        }
        return findings
    }
}
