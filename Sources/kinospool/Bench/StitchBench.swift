import Foundation
import Glibc
import JobCore
import Spool
import Synchronization

/// Films from clips: first, again after an edit, and joined as they are, beside other ways of making the same film.
struct StitchBench: Measurement {
    static let name = "stitch"
    let scale: BenchScale
    let console: Console

    /// How MoviePy is brought here, for people.
    private static let installing = "python3 -m venv moviepy && . moviepy/bin/activate && pip install moviepy"

    func round(_ ground: BenchGround) throws -> [BenchReading] {
        let edit = BenchEdit(folder: try ground.folder(), film: scale.film)
        console.note("making \(edit.film.clips) clips")
        for index in 0..<edit.film.clips { try ground.run(other: "ffmpeg", edit.clipArguments(index)) }
        try Data(edit.captions.utf8).write(to: URL(filePath: edit.captionsPath))
        try Data(edit.naiveList.utf8).write(to: URL(filePath: "\(edit.folder)/list.txt"))
        defer { try? FileManager.default.removeItem(atPath: edit.folder) }
        return try cut(edit, ground) + join(edit, ground)
    }

    private func cut(_ edit: BenchEdit, _ ground: BenchGround) throws -> [BenchReading] {
        let spool = try ground.spool(.full)
        defer { ground.remove(spool) }
        let graph = try seconds { try ground.run(other: "ffmpeg", edit.oneGraph) }
        let first = try export(edit.job(), "first", on: spool, ground)
        let naive = try seconds { for arguments in edit.naive { try ground.run(other: "ffmpeg", arguments) } }
        let caption = try export(edit.job(caption: "Another caption"), "caption", on: spool, ground)
        let clips = Array(0..<edit.film.clips)
        let moved = try export(edit.job(order: clips.suffix(1) + clips.dropLast()), "moved", on: spool, ground)
        let music = try export(edit.job(music: edit.clip(0)), "music", on: spool, ground)
        var readings = [
            BenchReading(BenchFigure(.stitchFirst), first, limit: graph),
            BenchReading(BenchFigure(.stitchNaive), first, limit: naive),
        ]
        if let moviePy = try moviePy(edit, ground) {
            readings.append(BenchReading(BenchFigure(.stitchMoviePy), first, limit: moviePy))
        }
        for (kind, time) in [(BenchFigure.Kind.stitchCaption, caption), (.stitchMoved, moved), (.stitchMusic, music)] {
            readings.append(BenchReading(BenchFigure(kind), time, limit: first))
        }
        return readings
    }

    /// Half of the clips, whole: their pictures need not be encoded.
    private func join(_ edit: BenchEdit, _ ground: BenchGround) throws -> [BenchReading] {
        let count = max(2, edit.film.clips / 2)
        let graph = try seconds { try ground.run(other: "ffmpeg", edit.oneGraph(joining: count)) }
        return try [(BenchFigure.Kind.stitchCopy, true), (.stitchLoudness, false)].map { kind, isSoundLeft in
            let spool = try ground.spool(.full)
            defer { ground.remove(spool) }
            let ours = try export(edit.job(joining: count, isSoundLeft: isSoundLeft), "join", on: spool, ground)
            return BenchReading(BenchFigure(kind), ours, limit: graph)
        }
    }

    /// From the submit, which takes the clips along, to the end of a daemon that made the film and proved it.
    private func export(
        _ job: JSONValue, _ name: String, on spool: SpoolFolder, _ ground: BenchGround
    ) throws -> Double {
        let file = "\(LocalPath.folder(spool.root))/\(name).json"
        try Data(JSONWriter.compact(job).utf8).write(to: URL(filePath: file))
        let time = try seconds {
            try ground.run(["submit", file], on: spool)
            try ground.run(["serve", "--once"], on: spool)
        }
        guard let id = JobID(name), try spool.allIDs(in: .done).contains(id) else {
            throw BenchProblem.program("The film \(name) was not made.", log: "")
        }
        return time
    }

    /// Seconds; nil where MoviePy is not installed.
    private func moviePy(_ edit: BenchEdit, _ ground: BenchGround) throws -> Double? {
        do {
            try ground.run(other: "python3", ["-c", "import moviepy"])
        } catch let failure as Failure where failure.code == .internalError {
            console.note("MoviePy is not installed: its line is left out. To have it: \(Self.installing)")
            return nil
        }
        return try seconds { try ground.run(other: "python3", ["-c", edit.moviePy]) }
    }

    private func seconds(_ body: () throws -> Void) rethrows -> Double { try BenchClock.time(body) / 1e6 }
}
