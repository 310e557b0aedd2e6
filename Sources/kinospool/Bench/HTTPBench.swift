import Foundation
import Glibc
import JobCore
import Spool

/// The HTTP API under load, beside the server it takes the place of; both on the same disk, driven by `wrk`.
struct HTTPBench: Measurement {
    static let name = "http"
    let scale: BenchScale
    let console: Console

    /// How the baseline is brought here, for people.
    private static let installing =
        "apt install wrk; python3 -m venv web && . web/bin/activate && pip install fastapi uvicorn uvloop httptools"
    /// Connections at the same time.
    private static let connections = [1, 16, 64]
    /// Jobs that lie there while others are asked for.
    private static let stock = 200

    /// What is asked, and by which figure it is told.
    private enum Question: CaseIterable {
        case post, get, list

        var figure: BenchFigure.Kind {
            switch self {
            case .post: .httpPost
            case .get: .httpGet
            case .list: .httpList
            }
        }

        func path(_ id: String) -> String {
            switch self {
            case .post: "/jobs"
            case .get: "/jobs/\(id)"
            case .list: "/jobs?limit=50"
            }
        }
    }

    func round(_ ground: BenchGround) throws -> [BenchReading] {
        guard isInstalled(ground) else {
            console.note("wrk or FastAPI is not installed: the group http is left out. To have it: \(Self.installing)")
            return []
        }
        let folder = try ground.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ours = try ours(folder, ground)
        let theirs = try baseline(folder, ground)
        var readings = ours.keys.sorted { $0.name < $1.name }.map { figure in
            BenchReading(figure, ours[figure]?.rate ?? 0, limit: theirs[figure]?.rate)
        }
        let slowest = BenchFigure(.httpPost, size: 64)
        if let mine = ours[slowest], let other = theirs[slowest] {
            readings.append(
                BenchReading(BenchFigure(.httpPostSlowest, size: 64), mine.slowest, limit: other.slowest))
        }
        return readings
    }

    private func isInstalled(_ ground: BenchGround) -> Bool {
        let names = "import fastapi, uvicorn, uvloop, httptools, shutil, sys; sys.exit(shutil.which('wrk') is None)"
        return (try? ground.run(other: "python3", ["-c", names])) != nil
    }

    private typealias Answers = [BenchFigure: (rate: Double, slowest: Double)]

    private func ours(_ folder: String, _ ground: BenchGround) throws -> Answers {
        let spool = try ground.spool(.full)
        defer { ground.remove(spool) }
        try BenchJobs.submit(Self.stock, into: spool)
        let id = try spool.ids(in: .queued).first?.text ?? ""
        // Paused: what is measured is the taking in, as the baseline runs no jobs either.
        return try ground.serving(spool, ["--paused"]) { daemon in
            try ground.until(daemon) { daemon.messages.contains("listening") }
            let port = daemon.messages.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)/).flatMap { Int($0.output.1) }
            let body = JSONWriter.compact(.object(BenchJobs.document.fields))
            return try ask(port ?? 0, id: id, body: body, folder, ground)
        }
    }

    private func baseline(_ folder: String, _ ground: BenchGround) throws -> Answers {
        let port = try Self.freePort()
        let body = JSONWriter.compact(["type": "NOOP", "prompt": .string(String(repeating: "a", count: 900))])
        let process = try ground.start(
            other: "python3", ["-c", HTTPBaseline.source, "\(folder)/jobs.sqlite", "\(port)", "\(Self.stock)", body])
        // Its server waits for ever for connections that nobody will close.
        defer { _ = try? ground.end(process, by: SIGKILL) }
        try ground.until(process) { process.messages.contains("first id ") }
        let id = process.messages.firstMatch(of: /first id (\w+)/).map { String($0.output.1) } ?? ""
        return try ask(port, id: id, body: body, folder, ground)
    }

    private func ask(_ port: Int, id: String, body: String, _ folder: String, _ ground: BenchGround) throws -> Answers {
        var answers: Answers = [:]
        // What is there first: posting makes the lists longer.
        for question in [Question.get, .list, .post] {
            for count in Self.connections {
                let (script, out) = ("\(folder)/wrk.lua", "\(folder)/wrk.out")
                let text = HTTPBaseline.script(out: out, body: question == .post ? body : nil)
                try Data(text.utf8).write(to: URL(filePath: script))
                try ground.run(
                    other: "wrk",
                    [
                        "-t1", "-c\(count)", "-d\(scale.httpSeconds)s", "-s", script,
                        "http://127.0.0.1:\(port)\(question.path(id))",
                    ])
                let told = try JSONReader.read(Array(Data(contentsOf: URL(filePath: out)))).object ?? [:]
                guard let rate = told["rate"]?.number, let slowest = told["p99_ms"]?.number, told["errors"] == 0 else {
                    throw Failure(.internalError, "wrk met errors at \(question.path(id)): \(told).")
                }
                answers[BenchFigure(question.figure, size: count)] = (rate, slowest)
            }
        }
        return answers
    }

    /// A port that nobody had a moment ago.
    private static func freePort() throws -> Int {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, size) + getsockname(number, $0, &size)
            }
        }
        guard result == 0 else { throw BenchProblem.call("bind", "127.0.0.1") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
