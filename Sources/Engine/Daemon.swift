public import JobCore
public import Logging
import ServiceLifecycle
import Spool
import UnixSignals

/// A process that works on a spool: the daemon (`serve`), or a further worker beside it (`work`).
public struct Daemon: Sendable {
    /// What kind of process it is.
    public enum Role: Sendable {
        /// Watches heartbeats, recovers, indexes, and runs jobs; one a spool.
        case daemon
        /// Runs jobs beside a daemon; any number.
        case worker
    }

    /// How it runs.
    public struct Options: Sendable {
        public let role: Role
        /// End when the queue is empty.
        public let isOnce: Bool
        /// Begin with the queue paused.
        public let startsPaused: Bool
        /// Run these jobs and no others; nil for all.
        public let only: Set<JobID>?

        public init(role: Role, isOnce: Bool = false, startsPaused: Bool = false, only: Set<JobID>? = nil) {
            (self.role, self.isOnce, self.startsPaused, self.only) = (role, isOnce, startsPaused, only)
        }
    }

    /// What else the daemon runs while it works: a door to the outside. Ends when its task is cancelled.
    public typealias Door = @Sendable (FrontDesk) async throws -> Void

    /// Jobs that this process ended while it ran.
    public struct Report: Sendable, Equatable {
        public let done: Int, failed: Int
    }

    private let settings: Settings
    private let options: Options
    private let logger: Logger

    public init(settings: Settings, options: Options, logger: Logger) {
        (self.settings, self.options, self.logger) = (settings, options, logger)
    }

    /// Runs until SIGTERM or SIGINT, until its task is cancelled, or until the queue is empty.
    ///
    /// When it is told to stop, local work stops and goes back to the queue without using up an attempt.
    ///
    /// - Parameter door: opened beside the work, and closed before it ends; nil for none.
    /// - Throws: `DaemonIsRunning` when another daemon holds the spool; `Failure` when the spool cannot be used; what
    ///   the door throws.
    public func run(beside door: Door? = nil) async throws -> Report {
        let house = try await House(settings: settings, options: options, logger: logger)
        var services: [any Service] = [house]
        if let door { services.append(DoorService(desk: house.desk, door: door)) }
        let group = ServiceGroup(
            configuration: .init(
                services: services.map {
                    .init(
                        service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        return await house.report
    }
}
