import JobCore
import Spool

/// Looks a spool over: its jobs, the index, the disk, the daemon, the clock. Blocking.
struct SpoolInspector: Sendable {
    private let folder: SpoolFolder
    private let settings: Settings
    private let examination: SpoolFolder.Examination

    init(folder: SpoolFolder, settings: Settings, _ examination: SpoolFolder.Examination) {
        (self.folder, self.settings, self.examination) = (folder, settings, examination)
    }

    /// Every finding but those of the index, in the order of the checks.
    func findings() throws -> [Finding] {
        do {
            guard try !folder.isUnconfirmedCopy() else {
                // Tokens may lie in the records alone: whatever else is said of it would be wrong.
                return [
                    Finding(
                        .spool, .warning, "\(folder.root) is a copy that no daemon has looked at",
                        fix: "kinospool serve --paused")
                ]
            }
            return try jobs() + leftovers() + secrets() + permissions() + disk() + daemon() + clock()
        } catch let error as FileError {
            throw error.failure
        }
    }

    private func jobs() throws -> [Finding] {
        var found: [Finding] = []
        let count = try folder.examineJobs(
            examination,
            stopProcesses: { id, run in
                ProcessIdentity.stopOrphans(
                    of: run, scratch: folder.absolute(SpoolLayout.scratch(id, attempt: run.attempt)))
            }, onFinding: { found.append($0) })
        var findings = [Finding(.spool, .ok, folder.root)]
        let checks: [(Finding.Check, String)] = [
            (.jobs, "\(count) looked at, each whole and in one folder"),
            (.artifacts, examination.isDeep ? "every artifact is what was made" : "every artifact is there"),
            (.endings, "every ending is told"),
        ]
        for (check, text) in checks {
            let own = found.filter { $0.check == check }
            findings += own.contains { $0.level != .ok } ? own : own + [Finding(check, .ok, text)]
        }
        return findings
    }

    private func leftovers() throws -> [Finding] {
        // Damaged jobs are told with the artifacts.
        var leftovers = try folder.leftovers().filter { $0.kind != .damaged && $0.kind != .object }
        if examination.isRepairing, !leftovers.isEmpty {
            var report = CleanupReport()
            folder.remove(leftovers, isDeletingLost: examination.isDeletingLost, into: &report)
            _ = try folder.finishHeldDeletes()
            leftovers = try folder.leftovers().filter { $0.kind != .damaged && $0.kind != .object }
        }
        guard let first = leftovers.first else { return [Finding(.leftovers, .ok, "none")] }
        let isRepairable = leftovers.contains(where: \.isRemovable)
        return [
            Finding(
                .leftovers, .warning, "\(leftovers.count), such as \(first.path): \(first.kind.rawValue)",
                fix: "\(Finding.repairCommand)\(isRepairable ? "" : " --delete-lost")", isRepairable: isRepairable)
        ]
    }

    private func secrets() throws -> [Finding] {
        let paths = try folder.filesWithSecrets()
        guard let first = paths.first else { return [Finding(.secrets, .ok, "none in job files, logs and reasons")] }
        return [
            Finding(
                .secrets, .problem, "\(paths.count) files hold what looks like a secret, such as \(first)",
                fix: "take it out of the file, and replace the key where it came from")
        ]
    }

    private func permissions() throws -> [Finding] {
        let open = try folder.openFolders()
        guard !open.isEmpty else { return [Finding(.permissions, .ok, "the spool is its owner's alone")] }
        return [
            Finding(
                .permissions, .warning, "others may look into \(open.joined(separator: ", "))",
                fix: "chmod o-rwx \(folder.root)")
        ]
    }

    private func disk() throws -> [Finding] {
        let space = try folder.files.space()
        let free = space.freeBytes / 1_000_000
        guard DiskGuard(minimumFree: settings.minimumFree).verdict(free: space.freeBytes) == .open else {
            return [
                Finding(
                    .disk, .problem,
                    "\(free) MB free, the guard is \(settings.minimumFree / 1_000_000) MB: no new job starts",
                    fix: "kinospool cleanup --days 30")
            ]
        }
        return [Finding(.disk, .ok, "\(free) MB free")]
    }

    private func daemon() throws -> [Finding] {
        var findings: [Finding] = []
        if try folder.hasDaemon() {
            findings.append(Finding(.daemon, .ok, "held by \(try folder.daemonHolder() ?? "another process")"))
        } else {
            findings.append(Finding(.daemon, .warning, "no daemon runs: nothing starts", fix: "kinospool serve"))
        }
        if try folder.isPaused() {
            findings.append(Finding(.daemon, .warning, "the queue is paused", fix: "kinospool resume"))
        } else if try folder.arePaidLanesPaused() {
            findings.append(
                Finding(
                    .daemon, .warning, "this was restored from a copy: what costs money waits", fix: "kinospool resume")
            )
        }
        return findings
    }

    private func clock() throws -> [Finding] {
        var findings: [Finding] = []
        if !Timestamp.isClockKept {
            findings.append(
                Finding(
                    .clock, .warning, "nothing keeps the machine's clock right: times may be wrong",
                    fix: "timedatectl set-ntp true"))
        }
        let future = try folder.jobsOfTheFuture()
        if let first = future.first {
            findings.append(
                Finding(
                    .clock, .warning, "\(future.count) jobs are of a time to come, such as \(first)",
                    fix: "touch their files, or set not_before", job: first))
        }
        return findings.isEmpty ? [Finding(.clock, .ok, "right, as far as the machine knows")] : findings
    }
}
