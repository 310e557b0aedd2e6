import JobCore
import Spool
import TestSupport

/// One operation, crashed at every call, by kill and by power cut, and recovered; the recovery crashed too.
struct CrashCampaign: Sendable, CustomStringConvertible {
    /// Where a job may be after recovery: a folder, or nowhere.
    typealias Fates = Set<JobState?>

    let name: String
    /// What the disk holds before, all of it synced. The value is what the operation needs.
    let given: @Sendable (SpoolWorld) throws -> Void
    /// The operation. It throws when it was not acknowledged.
    let act: @Sendable (SpoolWorld) throws -> Void
    /// Where the job may be when the operation was cut short, and when it was acknowledged.
    let midway: Fates, acknowledged: Fates
    /// More that holds for the recovered job when the operation was acknowledged.
    var check: @Sendable (SpoolWorld) throws -> [String] = { _ in [] }
    /// Makes the job where the operation left none.
    var anew: @Sendable (SpoolWorld) throws -> Void = { try $0.submit() }

    var description: String { name }

    /// One way to die.
    struct Death: Sendable, CustomStringConvertible {
        var point: Int
        var powerCut: UInt64?
        var durability: Durability
        var again: Int?

        var description: String {
            "\(durability) at change \(point), \(powerCut.map { "power cut seed \($0)" } ?? "kill")"
                + (again.map { ", recovery at change \($0)" } ?? "")
        }
    }

    /// - Parameters:
    ///   - seeds: power cuts at each point.
    ///   - stride: recovery dies at every so-manieth change, from a shifting start.
    /// - Returns: what went wrong, each with the death that shows it.
    func violations(_ durability: Durability, seeds: UInt64, stride: Int) throws -> [String] {
        let before = try SpoolWorld(durability: durability)
        try given(before)
        before.disk.syncAll()
        let start = before.disk.state
        var violations: [String] = []
        var point = 0
        while violations.count < 5 {
            var isOver = false
            for powerCut in [nil] + (0..<seeds).map({ Optional($0 &+ UInt64(point) &* 1_000) }) {
                let death = Death(point: point, powerCut: powerCut, durability: durability)
                isOver = try die(death, start, stride: stride, &violations)
            }
            if isOver { return violations }
            point += 1
        }
        return violations
    }

    /// - Returns: true when the operation was over before it could die.
    private func die(
        _ death: Death, _ start: FakeDiskState, stride: Int, _ violations: inout [String]
    ) throws -> Bool {
        let world = try SpoolWorld(state: start, durability: death.durability)
        world.disk.crash(after: death.point)
        var isAcknowledged = false
        var error: String?
        do {
            try act(world)
            isAcknowledged = !world.disk.isCrashed
        } catch let thrown {
            error = "\(thrown)"
        }
        let isOver = !world.disk.isCrashed
        if isOver, let error { violations.append("\(death): \(error)") }
        world.disk.reboot(powerCut: death.powerCut != nil, seed: death.powerCut ?? 0)
        let wreck = world.disk.state
        let length = inspect(death, wreck, isAcknowledged, &violations)
        for again in Swift.stride(from: death.point % stride, to: length, by: stride) {
            var death = death
            death.again = again
            inspect(death, wreck, isAcknowledged, &violations)
        }
        return isOver
    }

    /// Recovers a wreck and looks at what became of the job. - Returns: how many changes the recovery took.
    @discardableResult
    private func inspect(
        _ death: Death, _ wreck: FakeDiskState, _ isAcknowledged: Bool, _ violations: inout [String]
    ) -> Int {
        do {
            var world = try SpoolWorld(state: wreck, durability: death.durability, seed: 3)
            var length = 0
            if let again = death.again {
                world.disk.crash(after: again)
                try? world.recover()
                world.disk.reboot(powerCut: death.powerCut != nil, seed: (death.powerCut ?? 0) &+ UInt64(again))
                world = try world.restarted(seed: 4)
            }
            try world.recover()
            length = world.disk.changes
            let isLossy = death.durability == .fast && death.powerCut != nil
            let isPromised = isAcknowledged && !isLossy
            var found = try JobInspection(world: world, mayLackOutputs: isLossy).violations()
            found += try fate(world, isPromised ? acknowledged : midway.union(acknowledged), death)
            if isPromised { found += try check(world) }
            found += try JobInspection(world: world).violationsOfAnotherLife(anew: anew)
            violations += found.map { "\(death)\(isAcknowledged ? ", acknowledged" : ""): \($0)" }
            return length
        } catch {
            violations.append("\(death): recovery threw \(error)")
            return 0
        }
    }

    private func fate(_ world: SpoolWorld, _ allowed: Fates, _ death: Death) throws -> [String] {
        // Without syncs a power cut may lose anything but the wholeness of what is left.
        if death.durability == .fast, death.powerCut != nil { return [] }
        let state = try world.spool.state(of: SpoolWorld.id)
        if allowed.contains(state) { return [] }
        return ["the job is \(state?.rawValue ?? "nowhere"), allowed \(allowed.map { $0?.rawValue ?? "nowhere" })"]
    }
}
