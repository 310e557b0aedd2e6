/// How much is measured.
struct BenchScale: Sendable {
    /// Durable submits one by one, and latencies.
    let singles: Int
    /// Jobs in one bulk: groups, drains, drops.
    let bulk: Int
    /// Runs of a command as a new process.
    let processes: Int
    /// Finished jobs in the spool for restarts and the index.
    let done: [Int]
    /// Waiting jobs in the spool for restarts and memory.
    let queued: [Int]
    /// Running jobs that the monitor looks at.
    let running: Int
    /// Seconds in which an idle daemon is looked at.
    let idleSeconds: Int
    /// Clips of a film, their size, and seconds of each.
    let film: (clips: Int, width: Int, height: Int, seconds: Double)

    /// Seconds of each load on the HTTP API.
    let httpSeconds: Int

    /// For a look whether everything runs: says nothing about speed.
    static let quick = BenchScale(
        singles: 10, bulk: 100, processes: 3, done: [0, 200], queued: [0, 200], running: 100, idleSeconds: 1,
        film: (2, 160, 90, 2), httpSeconds: 1)
    static let usual = BenchScale(
        singles: 200, bulk: 4000, processes: 30, done: [0, 100_000], queued: [0, 10_000, 100_000], running: 10_000,
        idleSeconds: 10, film: (20, 1280, 720, 5), httpSeconds: 4)
    /// With a million finished jobs, which take some minutes to write.
    static let full = BenchScale(
        singles: 200, bulk: 4000, processes: 30, done: [0, 100_000, 1_000_000], queued: [0, 10_000, 100_000],
        running: 10_000, idleSeconds: 10, film: (20, 1280, 720, 5), httpSeconds: 4)
}
