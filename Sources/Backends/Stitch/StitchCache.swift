import Glibc
import JobCore

/// Parts of films and answers of ffprobe, kept between exports, by what they are made from.
///
/// It holds nothing of worth: whatever is missing is made again. All of it blocks; call it through `BlockingWork`.
///
/// Invariants:
/// 1. A part is in it only when it was proven whole and had reached the disk before it got its name.
/// 2. Its files never change: an export works on hard links, so that nothing is taken away from under it.
struct StitchCache: Sendable {
    /// Absolute path of the folder.
    let folder: String
    /// Most bytes that are kept.
    let limit: Int64

    /// What ffprobe said of a file, and its hash.
    struct Probe: Sendable, Equatable {
        let answer: String, content: String
    }

    /// Gives a kept part its names in a working folder; false when it is not kept.
    func take(_ key: String, picture: String, sound: String) -> Bool {
        let (keptPicture, keptSound) = (path(key, "mp4"), path(key, "wav"))
        guard link(keptPicture, picture) == 0 else { return false }
        guard link(keptSound, sound) == 0 else {
            unlink(picture)
            return false
        }
        // Used now: the oldest go first.
        for path in [keptPicture, keptSound] { _ = utimensat(AT_FDCWD, path, nil, 0) }
        return true
    }

    /// Keeps a part; where that fails it is made again next time.
    func keep(_ key: String, picture: String, sound: String) {
        guard limit > 0, Self.sync(picture), Self.sync(sound) else { return }
        // The sound last: a part without it is not taken.
        guard link(picture, path(key, "mp4")) == 0 || errno == EEXIST else { return }
        _ = link(sound, path(key, "wav"))
    }

    func probe(of version: String) -> Probe? {
        guard let bytes = ScratchFile.read(path(Self.key(of: version), "json"), limit: 1 << 20),
            let fields = (try? JSONReader.read(bytes))?.object,
            let answer = fields["answer"]?.string, let content = fields["content"]?.string
        else { return nil }
        return Probe(answer: answer, content: content)
    }

    func remember(answer: String, content: String, of version: String) {
        let path = path(Self.key(of: version), "json")
        let value = JSONValue.object(["answer": .string(answer), "content": .string(content)])
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

    private static func key(of text: String) -> String {
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
