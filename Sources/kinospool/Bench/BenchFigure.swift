import JobCore

/// One thing that is measured, in jobs of one size: the table of what `kinospool bench` tells.
struct BenchFigure: Hashable, Sendable {
    let kind: Kind
    /// How many jobs lay in the spool, or connections there were, where that is the question.
    var size: Int?

    /// What is measured.
    enum Kind: String, CaseIterable, Sendable {
        case submitDurable = "submit_durable_p50"
        case submitDurableSlowest = "submit_durable_p99"
        case submitBulk = "submit_bulk"
        case submitFast = "submit_fast_p50"
        case drainDurable = "drain_durable"
        case drainFast = "drain_fast"
        case dropDurable = "drop_durable"
        case dropFast = "drop_fast"
        case worker = "worker_alone"
        case workers = "workers"
        case start = "drop_to_start_p50"
        case startSlowest = "drop_to_start_p99"
        case restartDone = "restart_done"
        case restartQueued = "restart_queued"
        case rebuild = "index_rebuild"
        case upserts = "index_upserts"
        case upsert = "index_upsert_p50"
        case list = "list_p50"
        case search = "search_p50"
        case memory = "memory_queued"
        case idleWakeUps = "idle_wakeups"
        case idleCPU = "idle_cpu"
        case heartbeat = "heartbeat_100"
        case monitorPass = "monitor_pass"
        case commandSubmit = "cli_submit_p50"
        case commandList = "cli_list_p50"
        case stitchFirst = "stitch_first"
        case stitchNaive = "stitch_first_naive"
        case stitchMoviePy = "stitch_first_moviepy"
        case stitchCaption = "stitch_caption"
        case stitchMoved = "stitch_moved"
        case stitchMusic = "stitch_music"
        case stitchCopy = "stitch_copy"
        case stitchLoudness = "stitch_copy_loudness"
        case httpPost = "http_post"
        case httpPostSlowest = "http_post_p99"
        case httpGet = "http_get"
        case httpList = "http_list"
    }

    init(_ kind: Kind, size: Int? = nil) { (self.kind, self.size) = (kind, size) }

    /// `restart_done@100000`
    var name: String { kind.rawValue + (size.map { "@\($0)" } ?? "") }

    /// What people read.
    var title: String {
        let count = size.map { "\($0)" } ?? ""
        return switch kind {
        case .submitDurable: "submit one by one, p50"
        case .submitDurableSlowest: "submit one by one, p99"
        case .submitBulk: "submit in groups"
        case .submitFast: "submit one by one, p50"
        case .drainDurable, .drainFast: "queue run empty"
        case .dropDurable, .dropFast: "files dropped until all done"
        case .worker: "one worker runs a queue empty"
        case .workers: "\(count) workers run it empty"
        case .start: "drop to start, idle, p50"
        case .startSlowest: "drop to start, idle, p99"
        case .restartDone: "restart to first claim, \(count) done"
        case .restartQueued: "restart to first claim, \(count) queued"
        case .rebuild: "index built anew, \(count) done"
        case .upserts: "index, jobs written by the thousand"
        case .upsert: "index, one job written, p50"
        case .list: "ls, \(count) done, p50"
        case .search: "ls --search, \(count) done, p50"
        case .memory: "daemon's memory, \(count) queued"
        case .idleWakeUps: "idle daemon, wake-ups"
        case .idleCPU: "idle daemon, part of a core"
        case .heartbeat: "heartbeats of 100 running jobs"
        case .monitorPass: "monitor's look at \(count) running jobs"
        case .commandSubmit: "submit as a process, p50"
        case .commandList: "ls as a process, p50"
        case .stitchFirst: "film cut and captioned, first"
        case .stitchNaive: "the same, beside the naive way"
        case .stitchMoviePy: "the same, beside MoviePy"
        case .stitchCaption: "again, one caption changed"
        case .stitchMoved: "again, one clip moved"
        case .stitchMusic: "again, with music"
        case .stitchCopy: "equal clips joined as they are"
        case .stitchLoudness: "the same, brought to its loudness"
        case .httpPost: "POST a job, \(count) connections"
        case .httpPostSlowest: "POST a job, \(count) connections, p99"
        case .httpGet: "GET a job, \(count) connections"
        case .httpList: "GET 50 jobs, \(count) connections"
        }
    }

    var unit: String {
        switch kind {
        case .submitDurable, .submitDurableSlowest, .submitFast, .start, .startSlowest, .upsert: "us"
        case .submitBulk, .drainDurable, .drainFast, .dropDurable, .dropFast, .worker, .workers: "jobs/s"
        case .restartDone, .restartQueued, .list, .search, .commandSubmit, .commandList, .monitorPass: "ms"
        case .httpPost, .httpGet, .httpList: "1/s"
        case .httpPostSlowest: "ms"
        case .rebuild, .upserts: "rows/s"
        case .memory: "MB"
        case .idleWakeUps: "1/s"
        case .idleCPU, .heartbeat: "%"
        case .stitchFirst, .stitchNaive, .stitchMoviePy, .stitchCaption, .stitchMoved, .stitchMusic, .stitchCopy,
            .stitchLoudness:
            "s"
        }
    }

    /// What a power cut leaves of the jobs; nil where nothing is written.
    var durability: Durability? {
        switch kind {
        case .submitDurable, .submitDurableSlowest, .submitBulk, .drainDurable, .dropDurable, .worker, .workers,
            .start, .startSlowest, .restartDone, .restartQueued, .commandSubmit, .stitchFirst, .stitchNaive,
            .stitchMoviePy, .stitchCaption, .stitchMoved, .stitchMusic, .stitchCopy, .stitchLoudness, .httpPost,
            .httpPostSlowest:
            .full
        case .submitFast, .drainFast, .dropFast: .fast
        case .rebuild, .upserts, .upsert, .list, .search, .memory, .idleWakeUps, .idleCPU, .heartbeat, .commandList,
            .httpGet, .httpList, .monitorPass:
            nil
        }
    }

    /// What the limit beside it is; nil where there is none.
    var limit: String? {
        switch kind {
        case .submitDurable, .submitDurableSlowest: "create, rename, fsync the file"
        case .submitBulk: "create, rename, write back; fsync by 8 threads"
        case .submitFast: "create, rename"
        case .drainDurable, .dropDurable: "rename, read, create, rename, unlink; fsync by 8 threads"
        case .drainFast, .dropFast: "rename, read, create, rename, unlink"
        case .workers: "one worker"
        case .start, .startSlowest: "a thread in read(inotify) that renames"
        case .restartDone, .restartQueued: "spawn a program, list the queue, rename"
        case .rebuild: "list the folder, read every file"
        case .monitorPass: "list the folder, stat every file"
        case .list, .search, .commandList: "spawn a program that does nothing"
        case .commandSubmit: "spawn a program that does nothing; create, rename, fsync"
        case .stitchFirst, .stitchCopy, .stitchLoudness: "one graph of ffmpeg"
        case .stitchNaive: "ffmpeg for each clip, to join, and for the captions"
        case .stitchMoviePy: "MoviePy"
        case .httpPost, .httpPostSlowest, .httpGet, .httpList: "FastAPI and SQLite, as usually written"
        case .stitchCaption, .stitchMoved, .stitchMusic: "the first export"
        case .worker, .upserts, .upsert, .memory, .idleWakeUps, .idleCPU, .heartbeat: nil
        }
    }

    /// What it should reach, and the number under which that is argued.
    var goal: (number: Int, bounds: [BenchGoal])? {
        switch kind {
        case .submitDurable: (1, [.atMostTimes(1.25), .atMost(850)])
        case .submitBulk: (2, [.atLeastShare(0.6), .atLeast(6000)])
        case .start: (6, [.atMostTimes(3), .atMost(225)])
        case .startSlowest: (6, [.atMost(3000)])
        case .drainDurable, .dropDurable: (7, [.atLeastShare(0.5), .atLeast(4300)])
        case .drainFast, .dropFast: (7, [.atLeastShare(0.4), .atLeast(6000)])
        case .restartDone, .restartQueued: (8, [.atMost(100)])
        case .rebuild: (9, [.atLeast(65_000)])
        case .upserts: (10, [.atLeast(60_000)])
        case .upsert: (10, [.atMost(100)])
        case .memory: (11, [.atMost(25 + Double(size ?? 0) * 0.000_25)])
        case .commandSubmit: (12, [.atMost(6)])
        case .commandList, .list: (12, [.atMost(8)])
        case .stitchFirst: (13, [.atMostTimes(1.03)])
        case .stitchNaive: (13, [.atMostTimes(0.55)])
        case .stitchMoviePy: (13, [.atMostTimes(0.25)])
        case .stitchCaption, .stitchMoved, .stitchMusic: (13, [.atMostTimes(0.2)])
        case .stitchCopy, .stitchLoudness: (13, [.atMostTimes(0.08)])
        case .httpPost where size == 64: (3, [.atLeastShare(7)])
        case .httpPost where size == 1: (3, [.atLeastShare(1.5)])
        case .httpPostSlowest: (3, [.atMost(30)])
        case .httpGet where size == 16: (4, [.atLeastShare(15), .atLeast(28_000)])
        case .httpList where size == 16: (5, [.atLeastShare(30), .atLeast(10_000)])
        case .heartbeat: (14, [.atMost(0.1)])
        case .monitorPass where size == 10_000: (14, [.atMost(30)])
        case .worker, .workers, .submitDurableSlowest, .submitFast, .httpPost, .httpGet, .httpList, .search,
            .idleWakeUps, .idleCPU, .monitorPass:
            nil
        }
    }
}
