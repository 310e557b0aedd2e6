public import JobCore

/// A job that a program hands over, with the files it brings along.
public struct Submission: Sendable {
    public var document: JobDocument
    /// How the id comes about.
    public var naming: Naming
    public var attachments: [Attachment]

    /// How the id of a new job comes about.
    public enum Naming: Sendable, Equatable {
        /// Exactly this id; taken is an error unless the very same job was submitted under it before.
        case exactly(JobID)
        /// This id when it is free, else a new one that begins with it.
        case preferably(String)
        /// A new id that sorts by time.
        case generated
    }

    /// A file that goes into the job's `in/` folder.
    public struct Attachment: Sendable, Equatable {
        /// What the job file calls it; a plain name.
        public var name: String
        /// Absolute path to copy from.
        public var source: String

        public init(name: String, source: String) { (self.name, self.source) = (name, source) }
    }

    public init(document: JobDocument, naming: Naming, attachments: [Attachment] = []) {
        (self.document, self.naming, self.attachments) = (document, naming, attachments)
    }
}
