/// Every path in the spool is built here and nowhere else; relative to the spool folder.
///
/// ```
/// inbox/                     drop folder for anything: any name, half-written files, attachments
/// queued/ running/ done/ failed/ canceled/   <id>.json: the token, exactly one per job; its folder is its state
///     done/2026-11-22/<id>.json               a day folder: the same state, for jobs that ended long ago
/// work/<xx>/<id>/            the record, never moved but to the trash
///     job.json               birth record: the file as it was accepted (a hard link of the first token)
///     beat                   locked for the whole attempt; its modification time is the heartbeat
///     run.json               the last attempt: number, owner, deaths      progress.json  percent and a sentence
///     cancel                 the wish to cancel, with the rev it ends      final.json     the outcome, and its day
///     verdict.json           why a silent job was failed, until its token says so
///     published.json         that the artifacts came into object storage after the job was done
///     in/  a1/ a2/ …         attachments; what each attempt writes         log.txt
/// films/                     links with human names to the films of done jobs
/// tmp/  trash/  quarantine/  half-made files; half-deleted jobs; files that are no jobs, each with <file>.why.json
/// storage/                   what is about to be stored in, or removed from, object storage
/// meta/  index/  cache/      format, identity, locks, pauses, ballast; the derived SQLite index; parts of films
/// webhooks/<id>.json         webhooks that are to be sent, and what became of them
/// restore/                   a copy that is being restored, while it is
/// uploads/<sha256>.<kind>    pictures and sounds that came over HTTP, until jobs have taken copies
/// ```
///
/// Invariants:
/// 1. `work` and `trash` sort after `running`: rsync copies folders in that order, so a token that left `queued` or
///    `running` before they were read has its complete record when `work` is read.
/// 2. Only a `JobID`, a `Day` or a `PlainName` becomes part of a path.
public enum SpoolLayout {
    public static let inbox = "inbox", queued = JobState.queued.rawValue
    public static let work = "work", films = "films", temporary = "tmp", trash = "trash", quarantine = "quarantine"
    public static let meta = "meta", index = "index", cache = "cache", storage = "storage", uploads = "uploads"
    public static let webhooks = "webhooks"
    /// A copy of which jobs are being taken.
    public static let staging = "restore", restoreLock = "meta/restore.lock"
    public static let indexFile = "index/jobs.sqlite"
    public static let format = "meta/format.json", identity = "meta/identity"
    /// While these exist, nothing new starts; in paid lanes only.
    public static let paused = "meta/paused", pausedPaid = "meta/paused-paid"
    /// While this exists nothing new starts either: the disk was full. A daemon removes it when there is room again.
    public static let pausedFull = "meta/paused-full"
    /// Room that lies ready for a full disk.
    public static let ballast = "meta/ballast", spareFiles = "meta/spare"
    public static let daemonLock = "meta/daemon.lock", starts = "meta/starts"
    /// The boot of the machine in which the last daemon was started on this spool.
    public static let boot = "meta/boot"
    /// What is known of webhooks beside the deliveries themselves.
    public static let webhookBook = "meta/webhooks.json"

    /// Every folder of a spool but the record shards, in the order in which they are made.
    public static let folders =
        [meta, inbox] + JobState.allCases.map(\.rawValue) + [
            work, films, temporary, trash, quarantine, storage, index, cache, uploads, webhooks,
        ]

    /// The token: the one file whose folder is the job's state.
    public static func token(_ id: JobID, in state: JobState) -> String { "\(state.rawValue)/\(id.text).json" }

    /// The token of a job that lies there.
    public static func token(_ id: JobID, at place: JobPlace) -> String { "\(folder(of: place))/\(id.text).json" }

    /// The folder of a state, or a day folder below it.
    public static func folder(of place: JobPlace) -> String {
        place.day.map { "\(place.state.rawValue)/\($0.text)" } ?? place.state.rawValue
    }

    /// The place whose folder this is, as `folder(of:)` names it; nil for any other folder.
    public static func place(ofFolder path: String) -> JobPlace? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let state = parts.first.flatMap({ JobState(rawValue: String($0)) }) else { return nil }
        if parts.count == 1 { return JobPlace(state) }
        guard parts.count == 2, state.isFinal, let day = Day(parts[1]) else { return nil }
        return JobPlace(state, on: day)
    }

    /// The id whose token has this file name, nil for any other file.
    public static func id(ofToken name: String) -> JobID? {
        name.hasSuffix(".json") ? JobID(String(decoding: name.utf8.dropLast(5), as: UTF8.self)) : nil
    }

    /// The folder that holds a 256th of all records.
    public static func shard(_ id: JobID) -> String {
        let byte = StableHash.of(id.text) & 0xFF
        return "\(work)/\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
    }

    public static func record(_ id: JobID) -> String { "\(shard(id))/\(id.text)" }
    public static func birth(_ id: JobID) -> String { "\(record(id))/job.json" }
    public static func beat(_ id: JobID) -> String { "\(record(id))/beat" }
    public static func run(_ id: JobID) -> String { "\(record(id))/run.json" }
    public static func progress(_ id: JobID) -> String { "\(record(id))/progress.json" }
    public static func cancelWish(_ id: JobID) -> String { "\(record(id))/cancel" }
    public static func verdict(_ id: JobID) -> String { "\(record(id))/verdict.json" }
    public static func final(_ id: JobID) -> String { "\(record(id))/final.json" }
    public static func published(_ id: JobID) -> String { "\(record(id))/published.json" }
    public static func log(_ id: JobID) -> String { "\(record(id))/log.txt" }
    public static func inputs(_ id: JobID) -> String { "\(record(id))/in" }

    /// Where the attachments lie of the job whose artifact has this path, absolute or not; nil when it is none.
    public static func inputs(besideArtifact path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count > 2, attempt(ofScratch: String(parts[parts.count - 2])) != nil else { return nil }
        return (parts.dropLast(2) + ["in"]).joined(separator: "/")
    }

    /// What one attempt writes; later attempts never touch it.
    public static func scratch(_ id: JobID, attempt: Int) -> String { "\(record(id))/a\(attempt)" }

    /// The attempt's number when a name in a record is an attempt's folder.
    public static func attempt(ofScratch name: String) -> Int? {
        guard name.first == "a", let number = Int(name.dropFirst()), number > 0, name == "a\(number)" else {
            return nil
        }
        return number
    }

    /// A file that came over HTTP, and one that is still coming.
    public static func upload(_ name: UploadName) -> String { "\(uploads)/\(name.fileName)" }
    public static func halfUpload(nonce: String) -> String { "\(temporary)/upload.\(nonce)" }

    /// A half-made file; `nonce` keeps two writers apart.
    public static func temporary(_ id: JobID, nonce: String) -> String { "\(temporary)/\(id.text).\(nonce)" }

    /// The job whose half-made file has this name in `tmp/`.
    public static func id(ofTemporary name: String) -> JobID? {
        name.lastIndex(of: ".").flatMap { JobID(name[..<$0]) }
    }

    /// A webhook that is to be sent, or was, and one that is still being written.
    public static func webhook(_ id: WebhookID) -> String { "\(webhooks)/\(id.text).json" }
    public static func halfWebhook(nonce: String) -> String { "\(temporary)/webhook.\(nonce)" }

    /// The delivery whose file has this name in `webhooks/`, nil for any other file.
    public static func webhook(ofFile name: String) -> WebhookID? {
        name.hasSuffix(".json") ? WebhookID(name.dropLast(5)) : nil
    }

    public static func storageEntry(_ entry: StorageEntry) -> String { "\(storage)/\(entry.fileName)" }

    public static func trashedToken(_ id: JobID) -> String { "\(trash)/\(id.text).json" }
    public static func trashedRecord(_ id: JobID) -> String { "\(trash)/\(id.text).d" }

    /// A file set aside, and the reason beside it. - Parameter name: a plain name, made unique by the caller.
    public static func quarantined(_ name: String) -> String { "\(quarantine)/\(name)" }
    public static func reason(ofQuarantined name: String) -> String { "\(quarantine)/\(name).why.json" }

    /// Where an artifact's human-named link points, seen from `films/`.
    public static func filmTarget(_ id: JobID, attempt: Int, name: String) -> String {
        "../\(scratch(id, attempt: attempt))/\(name)"
    }
}
