/// The names of a disk at one moment: folders, files, links, without the files' bytes.
struct FakeDiskTree: Sendable {
    /// The spool folder itself.
    static let root = 1

    enum Kind: Sendable, Equatable {
        case file
        case folder([String: Int])
        case symbolicLink(String)
    }

    struct Node: Sendable {
        var kind: Kind
        /// Nanoseconds since 1970.
        var modified: Int64, changed: Int64
        var linkCount: Int
    }

    /// One entry of one folder.
    struct Place: Sendable, Equatable {
        var folder: Int
        var name: String
    }

    /// One step of the journal. Each happens as a whole or not at all, also a rename between two folders.
    enum Change: Sendable {
        case add(Place, inode: Int, Kind)
        case link(Place, inode: Int)
        case remove(Place)
        case move(Place, to: Place)
        case exchange(Place, Place)
        case times(inode: Int, modified: Int64)
    }

    var nodes: [Int: Node] = [root: Node(kind: .folder([:]), modified: 0, changed: 0, linkCount: 1)]

    func entries(_ folder: Int) -> [String: Int]? {
        guard case .folder(let entries)? = nodes[folder]?.kind else { return nil }
        return entries
    }

    func inode(at place: Place) -> Int? { entries(place.folder)?[place.name] }

    mutating func apply(_ change: Change, at time: Int64) {
        switch change {
        case .add(let place, let inode, let kind):
            nodes[inode] = Node(kind: kind, modified: time, changed: time, linkCount: 1)
            set(place, inode, time)
        case .link(let place, let inode):
            nodes[inode]?.linkCount += 1
            nodes[inode]?.changed = time
            set(place, inode, time)
        case .remove(let place): drop(place, time)
        case .move(let old, let new):
            guard let inode = inode(at: old) else { return }
            drop(new, time)
            set(old, nil, time)
            set(new, inode, time)
            nodes[inode]?.changed = time
        case .exchange(let first, let second):
            let (one, other) = (inode(at: first), inode(at: second))
            set(first, other, time)
            set(second, one, time)
            for case let inode? in [one, other] { nodes[inode]?.changed = time }
        case .times(let inode, let modified):
            nodes[inode]?.modified = modified
            nodes[inode]?.changed = time
        }
    }

    private mutating func drop(_ place: Place, _ time: Int64) {
        guard let inode = inode(at: place) else { return }
        set(place, nil, time)
        nodes[inode]?.changed = time
        nodes[inode]?.linkCount -= 1
    }

    private mutating func set(_ place: Place, _ inode: Int?, _ time: Int64) {
        guard case .folder(var entries)? = nodes[place.folder]?.kind else { return }
        entries[place.name] = inode
        nodes[place.folder]?.kind = .folder(entries)
        nodes[place.folder]?.modified = time
        nodes[place.folder]?.changed = time
    }
}

extension FakeDiskTree.Change {
    /// True when a sync of this file or folder must bring the step to the disk: its coming into being, its times, and
    /// for a folder each of its entries. A new name of a file is covered by its folder alone.
    func isCovered(by inode: Int) -> Bool {
        switch self {
        case .add(let place, let added, _): added == inode || place.folder == inode
        case .link(let place, _), .remove(let place): place.folder == inode
        case .move(let old, let new), .exchange(let old, let new): old.folder == inode || new.folder == inode
        case .times(let touched, _): touched == inode
        }
    }
}
