import Foundation
import Glibc
import TestSupport
import Testing

extension Desk {
    /// Where a hunted desk keeps what its daemons print and the command lines of all that runs.
    static let printed = "printed"

    /// The same desk, on which all is kept that may tell a secret.
    ///
    /// - Parameter death: kills the first daemon at one of its helpers.
    func hunting(_ hunt: SecretHunt, death: ProgramShims.Death? = nil) throws -> Desk {
        let desk = Desk(folder: folder, hunt: hunt)
        try FileManager.default.createDirectory(
            atPath: "\(folder)/\(Self.printed)", withIntermediateDirectories: true)
        try desk.shims.install(death: death)
        return desk
    }

    /// What runs in the place of ffmpeg and its like.
    var shims: ProgramShims {
        ProgramShims(folder: "\(folder)/bin", log: "\(folder)/\(Self.printed)/commands")
    }

    /// Everything on the desk: job files, records, logs, the index with its WAL, artifacts, what daemons printed, and
    /// every command line.
    func bag(_ hunt: SecretHunt) throws -> SecretHunt.Bag { try hunt.bag(below: folder) }

    /// Looks through all of it now; more than one may want to, while a daemon runs.
    @discardableResult
    func expectNoSecrets(
        _ more: [String: String] = [:], at location: SourceLocation = #_sourceLocation
    ) throws -> SecretHunt.Bag {
        let bag = try bag(try #require(hunt, sourceLocation: location).adding(more))
        #expect(bag.finds == [], sourceLocation: location)
        // A hunt through nothing finds nothing.
        #expect(bag.files.contains("\(Self.printed)/commands"), "\(bag.files)", sourceLocation: location)
        return bag
    }

    /// Notes how a program that just started is called; a program can rewrite what the kernel shows.
    func note(_ run: Program.Run, _ arguments: [String]) throws {
        let shown = FileManager.default.contents(atPath: "/proc/\(run.pid)/cmdline") ?? Data()
        let line = "kinospool \(arguments.joined(separator: " "))\n\(String(decoding: shown, as: UTF8.self))\n"
        // Helpers write there, too, at the same time.
        let file = open("\(folder)/\(Self.printed)/commands", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        try handle.write(contentsOf: Data(line.utf8))
    }

    /// The last part of a place: what kind of file it is.
    static func kind(_ place: String) -> String { place.split(separator: "/").last.map(String.init) ?? "" }
}
