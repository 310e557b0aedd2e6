import Glibc
import Spool

/// What an honest disk holds: what programs see, and what a power cut would leave of it.
///
/// Names reach the disk in the order in which they were made (a journal): after a power cut a prefix of them is
/// there, which includes at least all that a sync covered. A file's bytes are there for certain only after its own
/// sync; else nothing, a part or all of them.
public struct FakeDiskState: Sendable {
    private(set) var tree = FakeDiskTree()
    private var durableTree = FakeDiskTree()
    private var journal: [(change: FakeDiskTree.Change, time: Int64)] = []
    private(set) var bytes: [Int: [UInt8]] = [:]
    private var synced: [Int: [UInt8]] = [:]
    private var nextInode = 2
    /// Now, in nanoseconds since 1970.
    var time: Int64 = 0

    /// An empty disk.
    public init() {}

    /// The entry that a path names, and what lies there.
    func locate(_ path: String, _ call: String) throws(FileError) -> (place: FakeDiskTree.Place, inode: Int?) {
        let parts = path.split(separator: "/").map(String.init)
        guard let last = parts.last else { throw FileError(EINVAL, call, path) }
        var folder = FakeDiskTree.root
        for part in parts.dropLast() {
            // A link on the way is a link to nowhere: the spool has none.
            if case .symbolicLink? = tree.nodes[folder]?.kind { throw FileError(ENOENT, call, path) }
            guard let entries = tree.entries(folder) else { throw FileError(ENOTDIR, call, path) }
            guard let next = entries[part] else { throw FileError(ENOENT, call, path) }
            folder = next
        }
        if case .symbolicLink? = tree.nodes[folder]?.kind { throw FileError(ENOENT, call, path) }
        guard let entries = tree.entries(folder) else { throw FileError(ENOTDIR, call, path) }
        return (FakeDiskTree.Place(folder: folder, name: last), entries[last])
    }

    /// The inode at a path. - Throws: `ENOENT`.
    func existing(_ path: String, _ call: String) throws(FileError) -> (place: FakeDiskTree.Place, inode: Int) {
        let (place, inode) = try locate(path, call)
        guard let inode else { throw FileError(ENOENT, call, path) }
        return (place, inode)
    }

    /// The inode at a path, nil when nothing lies there.
    func found(_ path: String, _ call: String) throws(FileError) -> Int? {
        do {
            return try locate(path, call).inode
        } catch {
            if error.isMissing { return nil }
            throw error
        }
    }

    private mutating func record(_ change: FakeDiskTree.Change) {
        journal.append((change, time))
        tree.apply(change, at: time)
    }

    mutating func add(_ path: String, _ kind: FakeDiskTree.Kind, _ call: String) throws(FileError) -> Int {
        let (place, inode) = try locate(path, call)
        guard inode == nil else { throw FileError(EEXIST, call, path) }
        let new = nextInode
        nextInode += 1
        record(.add(place, inode: new, kind))
        if kind == .file { bytes[new] = [] }
        return new
    }

    mutating func write(_ inode: Int, _ content: [UInt8]) {
        bytes[inode] = content
        tree.nodes[inode]?.modified = time
        tree.nodes[inode]?.changed = time
    }

    mutating func link(_ existing: String, _ new: String) throws(FileError) {
        let inode = try self.existing(existing, "linkat").inode
        let (place, taken) = try locate(new, "linkat")
        guard taken == nil else { throw FileError(EEXIST, "linkat", new) }
        guard tree.entries(inode) == nil else { throw FileError(EPERM, "linkat", new) }
        record(.link(place, inode: inode))
    }

    mutating func remove(_ path: String) throws(FileError) {
        let (place, inode) = try existing(path, "unlinkat")
        guard tree.entries(inode) == nil else { throw FileError(EISDIR, "unlinkat", path) }
        record(.remove(place))
    }

    mutating func removeFolder(_ path: String) throws(FileError) {
        let (place, inode) = try existing(path, "unlinkat")
        guard let entries = tree.entries(inode) else { throw FileError(ENOTDIR, "unlinkat", path) }
        guard entries.isEmpty else { throw FileError(ENOTEMPTY, "unlinkat", path) }
        record(.remove(place))
    }

    mutating func setModified(_ inode: Int, _ modified: Int64) { record(.times(inode: inode, modified: modified)) }

    /// rename(2) and renameat2(2): the source is looked up first, and two names of one file are left as they are.
    mutating func rename(_ old: String, _ new: String, _ mode: RenameMode) throws(FileError) {
        let text = "\(old) -> \(new)"
        // Both parents are looked up before either name.
        let (oldPlace, source) = try locate(old, "renameat2")
        let (newPlace, target) = try locate(new, "renameat2")
        guard let inode = source else { throw FileError(ENOENT, "renameat2", text) }
        let isIntoItself = new.hasPrefix(old + "/")
        let isOverParent = old.hasPrefix(new + "/")
        switch mode {
        case .noReplace:
            guard target == nil else { throw FileError(EEXIST, "renameat2", text) }
            if isIntoItself { throw FileError(EINVAL, "renameat2", text) }
        case .exchange:
            guard let target else { throw FileError(ENOENT, "renameat2", text) }
            if isIntoItself || isOverParent { throw FileError(EINVAL, "renameat2", text) }
            if target != inode { record(.exchange(oldPlace, newPlace)) }
            return
        case .replace:
            if isIntoItself { throw FileError(EINVAL, "renameat2", text) }
            if isOverParent { throw FileError(ENOTEMPTY, "renameat2", text) }
            guard let target else { break }
            if target == inode { return }
            switch (tree.entries(inode) != nil, tree.entries(target)) {
            case (false, _?): throw FileError(EISDIR, "renameat2", text)
            case (true, nil): throw FileError(ENOTDIR, "renameat2", text)
            case (true, let entries?) where !entries.isEmpty: throw FileError(ENOTEMPTY, "renameat2", text)
            default: break
            }
        }
        record(.move(oldPlace, to: newPlace))
    }

    mutating func sync(_ inode: Int) {
        if let content = bytes[inode] { synced[inode] = content }
        guard let last = journal.lastIndex(where: { $0.change.isCovered(by: inode) }) else { return }
        commit(last + 1)
    }

    private mutating func commit(_ count: Int) {
        for (change, time) in journal.prefix(count) { durableTree.apply(change, at: time) }
        journal.removeFirst(count)
    }

    /// Brings everything to the disk.
    mutating func syncAll() {
        commit(journal.count)
        synced = bytes
        durableTree = tree
    }

    /// What a power cut leaves, one of the many possibilities.
    mutating func cutPower(_ random: inout SeededRandom) {
        let survivors = [0, journal.count, Int.random(in: 0...journal.count, using: &random)]
        commit(survivors.randomElement(using: &random) ?? 0)
        (tree, journal) = (durableTree, [])
        var left: [Int: [UInt8]] = [:]
        for inode in tree.nodes.keys.sorted() where tree.nodes[inode]?.kind == .file {
            let content = bytes[inode] ?? []
            guard synced[inode] != content else {
                left[inode] = content
                continue
            }
            let part = Array(content.prefix(Int.random(in: 0...content.count, using: &random)))
            left[inode] = [synced[inode] ?? [], part, content].randomElement(using: &random)
        }
        (bytes, synced) = (left, left)
    }
}
