/// One file in `storage/`: objects of one publication that are about to be stored, or to be removed. It is on the disk
/// before the first of them is, and gone when the job file alone says all about them.
public struct StorageEntry: Sendable, Hashable {
    public let folder: StorageFolder
    /// Where its objects may be; nil: nowhere yet.
    public var place: StoragePlace?
    /// Decided for good: nobody stores anything under it any more, its objects go.
    public var isUnwanted: Bool

    public init(_ folder: StorageFolder, at place: StoragePlace?, isUnwanted: Bool = false) {
        (self.folder, self.place, self.isUnwanted) = (folder, place, isUnwanted)
    }

    public var job: JobID { folder.job }

    /// The file's bytes; what else is to be known stands in its name.
    public var bytes: [UInt8] { JSONWriter.pretty(.object(place?.fields ?? [:])) }

    /// - Parameters:
    ///   - fileName: as `SpoolLayout.storageEntry` makes it; nil for any other name.
    ///   - bytes: of a torn file nothing is believed: nothing was stored yet.
    public init?(fileName: String, bytes: [UInt8]) {
        let isUnwanted = fileName.hasSuffix(Self.unwantedSuffix)
        guard isUnwanted || fileName.hasSuffix(Self.wantedSuffix) else { return nil }
        let stem = fileName.dropLast((isUnwanted ? Self.unwantedSuffix : Self.wantedSuffix).count)
        guard let dot = stem.lastIndex(of: "."), let job = JobID(stem[..<dot]),
            let folder = StorageFolder(job: job, name: stem[stem.index(after: dot)...])
        else { return nil }
        let fields = (try? JSONReader.read(bytes))?.object ?? [:]
        self.init(folder, at: StoragePlace(fields: fields), isUnwanted: isUnwanted)
    }

    /// `boats.a1-7k3q9d2p.json`, or `….gone` once it is unwanted.
    public var fileName: String {
        "\(folder.job).\(folder.name)\(isUnwanted ? Self.unwantedSuffix : Self.wantedSuffix)"
    }

    private static let wantedSuffix = ".json", unwantedSuffix = ".gone"
}
