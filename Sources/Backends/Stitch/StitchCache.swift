import Glibc
import JobCore

/// Parts and sounds of films and answers of ffprobe, kept between exports, by what they are made from.
///
/// It holds nothing of worth: whatever is missing is made again. All of it blocks; call it through `BlockingWork`.
///
/// Invariants:
/// 1. A part or a sound is in it only when it was proven whole and had reached the disk before it got its name.
/// 2. Its files never change: an export works on hard links, so that nothing is taken away from under it.
struct StitchCache: Sendable {
    /// Absolute path of the folder.
    let folder: String
    /// Most bytes that are kept.
    let limit: Int64

    /// What ffprobe said of a file, nothing where it was not asked, and the file's hash.
    struct Probe: Sendable, Equatable {
        let answer: String, content: String
    }

    /// What is kept; each has an ending of its own.
    enum Kind: String, Sendable {
        /// The picture of a part, the sound of some parts, the soundtrack of a whole film.
        case picture = "mp4"
        case sound = "wav"
        case soundtrack = "m4a"
    }

    /// Gives something kept a name in a working folder; false when it is not kept.
    func take(_ key: String, _ kind: Kind, as path: String) -> Bool {
        let kept = self.path(key, kind.rawValue)
        guard link(kept, path) == 0 else { return false }
        // Used now: the oldest go first.
        _ = utimensat(AT_FDCWD, kept, nil, 0)
        return true
    }

    /// Keeps a finished file; where that fails it is made again next time.
    func keep(_ key: String, _ kind: Kind, _ path: String) {
        guard limit > 0, Self.sync(path) else { return }
        _ = link(path, self.path(key, kind.rawValue))
    }

    /// - Parameter name: whatever tells the file's content from any other: where and when it lies on the disk, or its
    ///   hash and format.
    func probe(of name: String) -> Probe? {
        guard let bytes = ScratchFile.read(path(Self.key(of: name), "json"), limit: 1 << 20),
            let fields = (try? JSONReader.read(bytes))?.object,
            let answer = fields["answer"]?.string, let content = fields["content"]?.string
        else { return nil }
        return Probe(answer: answer, content: content)
    }

    func remember(_ probe: Probe, of name: String) {
        let path = path(Self.key(of: name), "json")
        let value = JSONValue.object(["answer": .string(probe.answer), "content": .string(probe.content)])
        let temporary = "\(path).\(getpid()).tmp"
        do {
            try ScratchFile.write(Array(JSONWriter.compact(value).utf8), to: temporary)
            try ScratchFile.rename(temporary, to: path)
        } catch {
            ScratchFile.removeBestEffort(temporary)
        }
    }

    /// Removes what was not used for the longest time until the rest fits.
    func trim() {
        var entries = Self.entries(folder)
        var total = entries.reduce(0) { $0 + $1.bytes }
        guard total > limit else { return }
        entries.sort { $0.used < $1.used }
        for entry in entries where total > limit {
            unlink("\(folder)/\(entry.name)")
            total -= entry.bytes
        }
    }

    private func path(_ key: String, _ ending: String) -> String { "\(folder)/\(key).\(ending)" }

    /// The name of what is made from this.
    static func key(of text: String) -> String {
        var hash = SHA256()
        hash.update(Array(text.utf8))
        return hash.finished()
    }

    private static func sync(_ path: String) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return fdatasync(file) == 0
    }

    private static func entries(_ folder: String) -> [(name: String, bytes: Int64, used: Int)] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var entries: [(name: String, bytes: Int64, used: Int)] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var facts = stat()
            guard lstat("\(folder)/\(name)", &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { continue }
            entries.append((name, Int64(facts.st_size), facts.st_mtim.tv_sec))
        }
        return entries
    }
}
