import Spool

/// A lock whose heartbeat may fail.
struct FaultyFileSystemLock: FileLock {
    let inner: any FileLock
    let files: FaultyFileSystem
    let path: String

    func touch() throws(FileError) {
        try files.check(.touch, path)
        try inner.touch()
    }

    func release() { inner.release() }
}
