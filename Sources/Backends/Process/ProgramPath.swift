import Glibc

/// Where a program lies.
enum ProgramPath {
    /// Looks for it as a shell does, but starts nothing: Subprocess starts a process for every folder that it looks in,
    /// which costs 20 ms a run where programs lie in the sixth.
    ///
    /// - Parameters:
    ///   - name: without a slash.
    ///   - folders: absolute paths with colons between them; others are passed over.
    /// - Returns: nil when no folder has it.
    static func find(_ name: String, in folders: String) -> String? {
        for folder in folders.split(separator: ":") where folder.hasPrefix("/") {
            let path = "\(folder)/\(name)"
            var status = stat()
            if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(path, X_OK) == 0 { return path }
        }
        return nil
    }
}
