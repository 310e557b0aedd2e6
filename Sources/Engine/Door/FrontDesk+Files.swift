import Glibc
public import JobCore
import Spool

/// Files in and out.
extension FrontDesk {
    /// Stores an uploaded file. - Returns: its name, and false as second where it was there before.
    public func upload(_ bytes: [UInt8], kind: UploadKind) async throws -> (name: UploadName, isNew: Bool) {
        try await onDisk { folder in
            _ = try folder.sweepUploads()
            return try folder.storeUpload(bytes, kind: kind)
        }
    }

    /// A file of a done job, open for reading.
    ///
    /// - Parameter name: looked up among the job's artifacts, never made a path of otherwise.
    /// - Returns: nil when the job has no such file.
    public func artifact(_ id: JobID, named name: String) async throws -> OpenArtifact? {
        try await onDisk { folder in
            guard let view = try folder.view(id) else { throw DeskRefusal.noSuchJob(id) }
            let all = view.artifacts.first { $0.fileNames.contains(name) }
            guard view.state == .done, let artifact = all else { return nil }
            let path = folder.absolute("\(SpoolLayout.scratch(id, attempt: view.attempt))/\(name)")
            return OpenArtifact(path: path, name: name, sha256: artifact.name == name ? artifact.sha256 : nil)
        }
    }

    /// A file that a job was given, open for reading.
    ///
    /// - Parameter name: looked up among what the job's parameters name, never made a path of otherwise.
    /// - Returns: nil when the job was given no such file.
    public func input(_ id: JobID, named name: String) async throws -> OpenArtifact? {
        try await onDisk { folder in
            guard let view = try folder.view(id) else { throw DeskRefusal.noSuchJob(id) }
            let given = MediaFields.texts(in: view.params.object ?? [:])
            guard given.contains(name), PlainName.isLegal(name) else { return nil }
            return OpenArtifact(
                path: folder.absolute("\(SpoolLayout.inputs(id))/\(name)"), name: name, sha256: nil)
        }
    }
}
