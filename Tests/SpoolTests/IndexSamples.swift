import JobCore
import Spool

/// Rows for tests, the same for the same seed.
struct IndexSamples: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64 (https://prng.di.unimi.it/splitmix64.c).
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    static func id(_ text: String) -> JobID { JobID(text) ?? JobID(resembling: text, random: 0) }

    /// A plain job, created so many milliseconds after the beginning of 2026.
    static func row(
        _ id: String, _ state: JobState = .queued, type: String = "NOOP", at offset: Int64 = 0
    ) -> IndexRow {
        let created = Timestamp(milliseconds: 1_767_225_600_000 + offset)
        let view = JobView(id: Self.id(id), state: state, typeName: type, createdAt: created, updatedAt: created)
        return IndexRow(view: view, stamp: offset)
    }

    /// A job with something or nothing in every field.
    mutating func row(id: String) -> IndexRow {
        let type = ["RENDER", "TTS", "a 'b\""][int(3)]
        var row = Self.row(id, JobState.allCases[int(5)], type: type, at: Int64(int(1 << 40)))
        row.stamp = Int64(bitPattern: next())
        row.view.progress = int(101)
        // A NUL is legal in text, but not in the JSON of job files.
        row.view.progressMessage = text() + "\u{0}."
        row.view.prompt = maybe { $0.text() }
        row.view.params = [
            "prompt": .string(text()), "seed": .integer(Int64(bitPattern: next())), "guidance": .number(7.25),
            "loras": [.string(text()), .null, true], "extra": [:],
        ]
        row.view.priority = int(201) - 100
        row.view.attempt = int(4)
        row.view.updatedAt = moment()
        row.view.startedAt = maybe { $0.moment() }
        row.view.finishedAt = maybe { $0.moment() }
        row.view.heartbeatAt = maybe { $0.moment() }
        row.view.scheduledFor = maybe { $0.moment() }
        row.view.remoteID = maybe { $0.text() }
        row.view.outputURLs = (0..<int(3)).map { _ in text() }
        let folder = StorageFolder(newFor: row.view.id, attempt: 1 + int(3))
        row.view.publication = maybe { samples in
            let failure = samples.maybe { Failure(.configError, $0.text()) }
            let place = StoragePlace(bucket: "films", endpoint: "http://127.0.0.1:9000/")
            return Publication(folder, at: place, isPublished: samples.int(2) == 0, error: failure)
        }
        row.view.artifacts = (0..<int(3)).map { number in
            let media = MediaFacts(duration: 5.25, width: 1280, height: 720, framesPerSecond: 23.5)
            return Artifact(
                name: "film-\(number).mp4", kind: .video, bytes: Int64(int(1 << 40)), sha256: "ab12",
                media: maybe { _ in media }, poster: maybe { _ in "poster.jpg" },
                contactSheet: maybe { _ in "contact.jpg" })
        }
        row.view.warnings = (0..<int(3)).map { _ in text() }
        row.view.error = maybe {
            let code = FailureCode.allCases[$0.int(FailureCode.allCases.count)]
            return Failure(code, $0.text(), hint: $0.text(), isRetryable: $0.int(2) == 0)
        }
        return row
    }

    mutating func int(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    private mutating func moment() -> Timestamp { Timestamp(milliseconds: Int64(int(4_000_000_000_000))) }

    private mutating func text() -> String {
        let pieces = ["boats", "", "Übergänge", "\u{1F3AC}", "a'b\"c", "line\nline", "\\", "日本", "100%_"]
        return (0..<int(4)).map { _ in pieces[int(pieces.count)] }.joined(separator: " ")
    }

    private mutating func maybe<Value>(_ make: (inout IndexSamples) -> Value) -> Value? {
        int(2) == 0 ? nil : make(&self)
    }
}
