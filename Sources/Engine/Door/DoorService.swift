import ServiceLifecycle

/// A door while it is open. When the daemon is told to stop, those inside are given a moment.
struct DoorService: Service {
    let desk: FrontDesk
    let door: Daemon.Door

    /// How long answers that are being sent may go on.
    private static let patience = Duration.seconds(3)

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await door(desk) }
                group.addTask {
                    try await gracefulShutdown()
                    try await Task.sleep(for: Self.patience)
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        } onGracefulShutdown: {
            desk.herald.close()
        }
    }
}
