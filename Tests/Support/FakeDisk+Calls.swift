import Glibc
public import JobCore
public import Spool

/// The calls, each as the kernel answers them.
extension FakeDisk {
    public func status(_ path: String) throws(FileError) -> FileStatus? {
        try perform("fstatat", path, isChange: false) { state throws(FileError) in
            let inode: Int?
            do throws(FileError) {
                inode = try state.found(path, "fstatat")
            } catch {
                if error.errno == ENOTDIR { return nil }
                throw error
            }
            return inode.flatMap(state.status)
        }
    }

    public func list(_ folder: String) throws(FileError) -> [FolderEntry] {
        try perform("getdents64", folder, isChange: false) { state throws(FileError) in
            guard let inode = try state.found(folder, "openat") else { return [] }
            guard let entries = state.tree.entries(inode) else { throw FileError(ENOTDIR, "openat", folder) }
            return entries.sorted { $0.key < $1.key }.map { name, child in
                FolderEntry(name: name, isFolder: state.tree.entries(child) != nil)
            }
        }
    }

    public func read(_ path: String, limit: Int) throws(FileError) -> FileContents? {
        try perform("read", path, isChange: false) { state throws(FileError) in
            guard let inode = try state.found(path, "openat"), let status = state.status(inode) else { return nil }
            if status.kind == .symbolicLink { throw FileError(ELOOP, "openat", path) }
            guard status.kind == .file, let bytes = state.bytes[inode] else { throw FileError(EINVAL, "read", path) }
            guard bytes.count <= limit else { throw FileError(EFBIG, "read", path) }
            return FileContents(bytes: bytes, status: status)
        }
    }

    public func create(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        let inode = try perform("openat", path) { state throws(FileError) in try state.add(path, .file, "openat") }
        if !bytes.isEmpty { try perform("write", path) { $0.write(inode, bytes) } }
    }

    public func overwrite(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        let (inode, old) = try opened(path)
        let tail = old.dropFirst(bytes.count)
        try perform("write", path) { $0.write(inode, bytes + tail) }
        if !tail.isEmpty { try perform("ftruncate", path) { $0.write(inode, bytes) } }
    }

    public func append(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        let (inode, old) = try opened(path)
        try perform("write", path) { $0.write(inode, old + bytes) }
    }

    private func opened(_ path: String) throws(FileError) -> (inode: Int, bytes: [UInt8]) {
        let found = try perform("openat", path, isChange: false) { state throws(FileError) in
            try state.locate(path, "openat").inode.map { ($0, state.bytes[$0], state.tree.entries($0) != nil) }
        }
        if let (inode, bytes, isFolder) = found {
            guard let bytes else { throw FileError(isFolder ? EISDIR : ELOOP, "openat", path) }
            return (inode, bytes)
        }
        return (try perform("openat", path) { state throws(FileError) in try state.add(path, .file, "openat") }, [])
    }

    public func makeFolder(_ path: String) throws(FileError) {
        try perform("mkdirat", path) { state throws(FileError) in _ = try state.add(path, .folder([:]), "mkdirat") }
    }

    public func link(_ existing: String, _ new: String) throws(FileError) {
        try perform("linkat", new) { state throws(FileError) in try state.link(existing, new) }
    }

    public func symbolicLink(_ path: String, to target: String) throws(FileError) {
        try perform("symlinkat", path) { state throws(FileError) in
            _ = try state.add(path, .symbolicLink(target), "symlinkat")
        }
    }

    public func linkTarget(_ path: String) throws(FileError) -> String? {
        try perform("readlinkat", path, isChange: false) { state throws(FileError) in
            guard let inode = try state.found(path, "readlinkat"),
                case .symbolicLink(let target)? = state.tree.nodes[inode]?.kind
            else { return nil }
            return target
        }
    }

    public func rename(_ old: String, _ new: String, _ mode: RenameMode) throws(FileError) {
        try perform("renameat2", "\(old) -> \(new)") { state throws(FileError) in try state.rename(old, new, mode) }
    }

    public func remove(_ path: String) throws(FileError) {
        try perform("unlinkat", path) { state throws(FileError) in try state.remove(path) }
    }

    public func removeFolder(_ path: String) throws(FileError) {
        try perform("unlinkat", path) { state throws(FileError) in try state.removeFolder(path) }
    }

    public func setModified(_ path: String, _ time: Timestamp) throws(FileError) {
        try perform("utimensat", path) { state throws(FileError) in
            // As far as nanoseconds reach, like a file system that cuts a far future short.
            let (exact, isBeyond) = time.milliseconds.multipliedReportingOverflow(by: 1_000_000)
            let modified = isBeyond ? (time.milliseconds < 0 ? .min : .max) : exact
            state.setModified(try state.existing(path, "utimensat").inode, modified)
        }
    }

    public func sync(_ paths: [String]) -> [FileError?] {
        paths.map { path in
            do throws(FileError) {
                try perform("fsync", path) { state throws(FileError) in
                    state.sync(try state.existing(path, "openat").inode)
                }
                return nil
            } catch {
                return error
            }
        }
    }

    public func reserve(_ path: String, bytes: Int64) throws(FileError) { try create(path, []) }

    public func space() throws(FileError) -> DiskSpace { DiskSpace(freeBytes: 1 << 40, totalBytes: 1 << 41) }
}

extension FakeDiskState {
    func status(_ inode: Int) -> FileStatus? {
        guard let node = tree.nodes[inode] else { return nil }
        let kind: FileStatus.Kind =
            switch node.kind {
            case .file: .file
            case .folder: .folder
            case .symbolicLink: .symbolicLink
            }
        return FileStatus(
            kind: kind, inode: UInt64(inode), device: 1, size: Int64(bytes[inode]?.count ?? 0),
            linkCount: node.linkCount, modified: node.modified, changed: node.changed)
    }

    /// Every path below the spool folder with its bytes, for comparing two moments.
    public var listing: [String: String] {
        var listing: [String: String] = [:]
        func walk(_ folder: Int, _ prefix: String) {
            for (name, inode) in tree.entries(folder) ?? [:] {
                switch tree.nodes[inode]?.kind {
                case .folder?:
                    listing[prefix + name + "/"] = ""
                    walk(inode, prefix + name + "/")
                case .symbolicLink(let target)?: listing[prefix + name] = "-> " + target
                case .file?, nil: listing[prefix + name] = String(decoding: bytes[inode] ?? [], as: UTF8.self)
                }
            }
        }
        walk(FakeDiskTree.root, "")
        return listing
    }
}

extension FakeDiskState {
    /// The folders at the top, and those one below, in which a name lies.
    public func places(of name: String) -> [String] {
        var places: [String] = []
        for (folder, inode) in tree.entries(FakeDiskTree.root) ?? [:] {
            let entries = tree.entries(inode) ?? [:]
            if entries[name] != nil { places.append(folder) }
            for (inner, inode) in entries where tree.entries(inode)?[name] != nil {
                places.append("\(folder)/\(inner)")
            }
        }
        return places.sorted()
    }
}
