import Glibc
import JobCore

/// The links with human names in `films/`. They are comfort, derived from the job files: losing them loses nothing.
extension SpoolFolder {
    /// Links a done job's films; a link that is there already is fine.
    func makeFilmLinks(_ id: JobID, _ document: JobDocument) throws(FileError) {
        for (name, target) in filmLinks(id, document) {
            try ignoringTaken { () throws(FileError) in
                try files.symbolicLink("\(SpoolLayout.films)/\(name)", to: target)
            }
        }
    }

    /// Removes a job's links, and only those that point into its own record.
    func removeFilmLinks(_ id: JobID, _ document: JobDocument) throws(FileError) {
        for (name, _) in filmLinks(id, document) {
            let path = "\(SpoolLayout.films)/\(name)"
            guard let target = try files.linkTarget(path), target.hasPrefix("../\(SpoolLayout.record(id))/") else {
                continue
            }
            try ignoringMissing { () throws(FileError) in try files.remove(path) }
        }
    }

    private func filmLinks(_ id: JobID, _ document: JobDocument) -> [(name: String, target: String)] {
        document.artifacts.enumerated().compactMap { index, artifact in
            FilmName.text(id: id, prompt: document.prompt, artifact: artifact, index: index).map {
                ($0, SpoolLayout.filmTarget(id, attempt: document.attempt, name: artifact.name))
            }
        }
    }

    /// Removes a folder that holds nothing.
    func removeIfEmpty(_ folder: String) throws(FileError) {
        do {
            try files.removeFolder(folder)
        } catch {
            // rmdir(2): either of these means that something is in it.
            guard error.isMissing || error.errno == ENOTEMPTY || error.errno == EEXIST else { throw error }
        }
    }
}
