import JobCore
import Spool
import TestSupport

/// What a simulation begins with: made once by the product itself, and all of it on the disk.
enum SimulationStart {
    private static let states: Result<[SimulationPlan.Start: FakeDiskState], any Error> = Result {
        var states: [SimulationPlan.Start: FakeDiskState] = [:]
        for start in SimulationPlan.Start.allCases { states[start] = try made(start) }
        return states
    }

    static func state(_ start: SimulationPlan.Start) throws -> FakeDiskState { try states.get()[start] ?? made(start) }

    static func model(_ start: SimulationPlan.Start) -> JobModel {
        switch start {
        case .nothing: JobModel()
        case .queued: JobModel(place: .queued)
        case .running: JobModel(place: .running, attempt: 1)
        case .done, .archivedDone: JobModel(place: .done)
        case .failed: JobModel(place: .failed)
        case .canceled, .archivedCanceled: JobModel(place: .canceled)
        }
    }

    private static func made(_ start: SimulationPlan.Start) throws -> FakeDiskState {
        let world = try SpoolWorld()
        if start != .nothing { try world.submit() }
        switch start {
        case .nothing, .queued: break
        // Its owner died.
        case .running: try world.claim().lock.release()
        case .done: _ = try world.finish(try world.claim())
        case .failed: _ = world.spool.finish([JobEnding(try world.claim(), .failed(SpoolWorld.failure))])
        case .canceled: _ = try world.spool.cancel(SpoolWorld.id)
        case .archivedDone:
            _ = try world.finish(try world.claim())
            try world.archive(.done)
        case .archivedCanceled:
            _ = try world.spool.cancel(SpoolWorld.id)
            try world.archive(.canceled)
        }
        world.disk.syncAll()
        return world.disk.state
    }
}
