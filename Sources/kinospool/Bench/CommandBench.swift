import Foundation
import JobCore
import Spool

/// Commands as users run them: each time a new process.
struct CommandBench: Measurement {
    static let name = "cli"
    let scale: BenchScale

    func round(_ ground: BenchGround) throws -> [BenchReading] {
        let spool = try ground.spool(.full)
        defer { ground.remove(spool) }
        let file = "\(LocalPath.folder(spool.root))/job.json"
        try Data(BenchJobs.document.bytes).write(to: URL(filePath: file))
        let raw = try RawSpool(try ground.folder())
        var count = 0
        let nothing = try ground.median(scale.processes) { try ground.end(try ground.startNothing()) }
        let limit = try ground.median(scale.processes) {
            count += 1
            try ground.end(try ground.startNothing())
            try raw.submit("\(count).json", isDurable: true)
        }
        let submit = try ground.median(scale.processes) { try ground.run(["submit", file], on: spool) }
        let list = try ground.median(scale.processes) { try ground.run(["ls"], on: spool) }
        return [
            BenchReading(BenchFigure(.commandSubmit), submit / 1e3, limit: limit / 1e3),
            BenchReading(BenchFigure(.commandList), list / 1e3, limit: nothing / 1e3),
        ]
    }
}
