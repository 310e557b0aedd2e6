import Foundation
import Glibc
import TestSupport

/// How many files one run drops, and from which seed on.
struct FuzzRun {
    let seeds: Range<UInt64>
    /// When it drops no further file; nil: it drops one for each seed.
    private let time: Duration?

    /// What every check of a change drops. `KINOSPOOL_FUZZ=SEED` drops the one that a failure named.
    static let ordinary: FuzzRun = {
        guard let seed = number("KINOSPOOL_FUZZ") else { return FuzzRun(seeds: 0..<1_500, time: nil) }
        return FuzzRun(seeds: seed..<seed + 1, time: nil)
    }()

    /// Its share of the torture's time, from the torture's seed on; nil when no time is given.
    static let torture: FuzzRun? = TortureBudget.whole.map { _ in
        let first = TortureBudget.seed &* 1_000_000_007 % (1 << 62)
        return FuzzRun(seeds: first..<(1 << 63), time: TortureBudget.fuzz.time)
    }

    private static func number(_ key: String) -> UInt64? {
        ProcessInfo.processInfo.environment[key].flatMap { UInt64($0) }
    }

    /// What is wrong with the first file that shows something, for people; nil when none does.
    ///
    /// - Parameter tell: told how many files were dropped.
    func failure(_ tell: (Int) -> Void = { _ in }) throws -> String? {
        // A trap ends the whole process: the seed at which it came stands in this file.
        let trace = FileManager.default.temporaryDirectory.appending(
            path: "kinospool-fuzz-\(getpid())-\(seeds.lowerBound)"
        ).path
        let descriptor = Glibc.open(trace, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer {
            close(descriptor)
            unlink(trace)
        }
        let deadline = time.map { ContinuousClock.now + $0 }
        var count = 0
        defer { tell(count) }
        for seed in seeds {
            if let deadline, deadline < .now, count > 0 { break }
            let text = Array("\(seed)\n".utf8)
            pwrite(descriptor, text, text.count, 0)
            let file = FuzzedFile(seed: seed)
            let findings = try FuzzTrial(file).findings()
            count += 1
            if !findings.isEmpty { return try report(file, findings) }
        }
        return nil
    }

    private func report(_ file: FuzzedFile, _ findings: [String]) throws -> String {
        let small = try shrunk(file)
        return """
            \(file)
              ! \(findings.joined(separator: "\n  ! "))
            the smallest that fails:
            \(small)
              ! \(try FuzzTrial(small).findings().joined(separator: "\n  ! "))
            repeat with: KINOSPOOL_FUZZ=\(file.seed) swift test --filter FuzzTests
            """
    }

    /// Leaves out bytes, large parts first, as long as something is still wrong.
    private func shrunk(_ file: FuzzedFile) throws -> FuzzedFile {
        var best = file
        var size = max(best.bytes.count / 2, 1)
        var tries = 0
        while size > 0, tries < 2_000 {
            var start = 0
            while start < best.bytes.count, tries < 2_000 {
                var candidate = best
                candidate.bytes.removeSubrange(start..<min(start + size, best.bytes.count))
                tries += 1
                if try FuzzTrial(candidate).findings().isEmpty { start += size } else { best = candidate }
            }
            size /= 2
        }
        return best
    }
}
