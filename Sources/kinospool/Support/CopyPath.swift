/// The place of a copy, as rsync is told.
enum CopyPath {
    /// `host:folder` stays as it is; a path of this machine becomes absolute, for rsync runs elsewhere.
    static func text(_ place: String) -> String { isRemote(place) ? place : LocalPath.absolute(place) }

    /// rsync(1): a colon before the first slash names a machine.
    static func isRemote(_ place: String) -> Bool { place.prefix { $0 != "/" }.contains(":") }
}
