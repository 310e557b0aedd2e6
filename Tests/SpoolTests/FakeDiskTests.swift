import JobCore
import Spool
import TestSupport
import Testing

/// The fake disk is only worth something where it answers as the kernel does, and forgets what it may forget.
@Suite("Fake disk")
struct FakeDiskTests {
    @Test(arguments: 0..<20)
    func randomCalls_areAnsweredAsTheKernelDoes(seed: UInt64) throws {
        let spool = try TemporarySpool()
        let fake = FakeDisk(clock: ManualClock())
        let real = spool.files
        // Both begin with one empty folder of their own.
        try real.makeFolder("x")
        try fake.makeFolder("x")
        var random = SeededRandom(seed)
        for step in 0..<400 {
            let call = Self.call(&random)
            let (one, other) = (Self.answer(fake, call), Self.answer(real, call))
            #expect(one == other, "seed \(seed), step \(step): \(call)")
            guard one == other else { return }
        }
    }

    private enum Call {
        case create(String), makeFolder(String), link(String, String), symbolicLink(String)
        case rename(String, String, RenameMode), remove(String), removeFolder(String), status(String), read(String)
        case append(String), overwrite(String), list(String), linkTarget(String)
    }

    private static func call(_ random: inout SeededRandom) -> Call {
        let names = ["x/a", "x/b", "x/c", "x/a/d", "x/a/e", "x/b/d"]
        func name() -> String { names.randomElement(using: &random) ?? "x/a" }
        switch Int.random(in: 0..<16, using: &random) {
        case 0, 1: return .create(name())
        case 2, 3: return .makeFolder(name())
        case 4: return .link(name(), name())
        case 5: return .symbolicLink(name())
        case 6: return .rename(name(), name(), .noReplace)
        case 7: return .rename(name(), name(), .exchange)
        case 8: return .rename(name(), name(), .replace)
        case 9: return .remove(name())
        case 10: return .removeFolder(name())
        case 11: return .status(name())
        case 12: return .read(name())
        case 13: return .append(name())
        case 14: return .overwrite(name())
        default: return Bool.random(using: &random) ? .list(name()) : .linkTarget(name())
        }
    }

    /// What a call answered: its errno, or what it found.
    private static func answer(_ files: any FileSystem, _ call: Call) -> String {
        do {
            switch call {
            case .create(let path): try files.create(path, Array(path.utf8))
            case .makeFolder(let path): try files.makeFolder(path)
            case .link(let old, let new): try files.link(old, new)
            case .symbolicLink(let path): try files.symbolicLink(path, to: "nowhere")
            case .rename(let old, let new, let mode): try files.rename(old, new, mode)
            case .remove(let path): try files.remove(path)
            case .removeFolder(let path): try files.removeFolder(path)
            case .append(let path): try files.append(path, [0x21])
            case .overwrite(let path): try files.overwrite(path, Array("over".utf8))
            case .list(let path): return "\(try files.list(path).map { "\($0.name) \($0.isFolder)" }.sorted())"
            case .linkTarget(let path): return try files.linkTarget(path) ?? "none"
            case .read(let path): return "\(try files.read(path, limit: 5)?.bytes ?? [])"
            case .status(let path):
                guard let status = try files.status(path) else { return "nothing" }
                let isFile = status.kind == .file
                return "\(status.kind) \(isFile ? status.size : 0) \(isFile ? status.linkCount : 0)"
            }
            return "done"
        } catch {
            return "errno \(error.errno)"
        }
    }

    @Test func powerCut_takesWhatWasNotSynced_andKeepsWhatWas() throws {
        var outcomes: Set<String> = []
        for seed in 0..<50 {
            let disk = FakeDisk(clock: ManualClock())
            try disk.makeFolder("a")
            try disk.makeFolder("b")
            try disk.create("a/kept", Array("kept".utf8))
            #expect(disk.sync(["a/kept", "a", "b"]) == [nil, nil, nil])
            try disk.create("a/lost", Array("lost".utf8))
            try disk.rename("a/kept", "b/kept", .noReplace)
            disk.reboot(powerCut: true, seed: UInt64(seed))
            let names = disk.state.listing
            #expect(["a/kept", "b/kept"].filter { names[$0] == "kept" }.count == 1, "seed \(seed)")
            outcomes.insert("\(names["b/kept"] != nil) \(names["a/lost"] ?? "none")")
        }
        for outcome in ["false none", "false ", "false lost", "true ", "true lost"] {
            #expect(outcomes.contains(outcome), "\(outcome)")
        }
    }

    @Test func kill_losesNothingAndFreesLocks() throws {
        let disk = FakeDisk(clock: ManualClock())
        let lock = try disk.lock("lock")
        #expect(try disk.lock("lock") == nil)
        disk.crash(after: 1)
        #expect(throws: FileError.self) { try disk.create("file", Array("text".utf8)) }
        #expect(throws: FileError.self) { _ = try disk.list("") }
        disk.reboot(powerCut: false)
        // Made, but dead before its bytes were written.
        #expect(disk.state.listing == ["lock": "", "file": ""])
        let next = try disk.lock("lock")
        #expect(next != nil)
        lock?.release()
        #expect(try disk.lock("lock") == nil)
    }
}
