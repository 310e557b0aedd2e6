/// What to do with a file that was found in `queued/` or `inbox/`.
///
/// Completeness is proved by content: no proper prefix of a JSON object is itself a complete object. Waiting is for
/// files that do not read yet, and for files written in place by programs that nobody saw closing them.
public enum DropVerdict: Sendable, Equatable {
    case take(JobDocument)
    /// Look again after this time.
    case wait(Duration)
    /// No job will ever come of it: set it aside with this reason.
    case setAside(String)

    /// What is known about the file.
    public struct Sighting: Sendable {
        /// How long ago the kernel last saw the file change; negative when the clock jumped back.
        public var age: Duration
        /// True when its writer was seen closing it, or it was moved in, or it is a file of our own.
        public var isClosed: Bool

        public init(age: Duration, isClosed: Bool) { (self.age, self.isClosed) = (age, isClosed) }
    }

    /// - Parameter contents: the bytes, or why the file has none to read (too large, a link, a fifo, a folder).
    public init(_ contents: Result<[UInt8], NotReadable>, _ sighting: Sighting, policy: Policy) {
        let isSettled = sighting.isClosed || sighting.age >= policy.settleAge || sighting.age < .zero
        switch contents {
        case .failure(let reason):
            self = isSettled || reason.isDefinite ? .setAside(reason.text) : .wait(policy.settleAge - sighting.age)
        case .success(let bytes):
            do {
                let document = try JobDocument(reading: bytes)
                self = isSettled ? .take(document) : .wait(policy.settleAge - sighting.age)
            } catch .notAnObject(let text) {
                self = isSettled ? .setAside(text) : .wait(policy.settleAge - sighting.age)
            } catch {
                let isOld = sighting.age >= policy.tornFileAge || sighting.age < .zero
                self = isOld ? .setAside(error.reason) : .wait(policy.tornFileAge - sighting.age)
            }
        }
    }

    /// Why a name has no bytes to read.
    public enum NotReadable: Error, Sendable {
        case tooLarge, folder, symbolicLink, special, notAllowed

        var isDefinite: Bool {
            switch self {
            case .symbolicLink, .special: true
            case .tooLarge, .folder, .notAllowed: false
            }
        }

        var text: String {
            switch self {
            case .tooLarge: "the file has more than \(JobDocument.maximumBytes) bytes, the limit for a job file"
            case .folder: "a folder is no job file; folders with attachments belong in inbox/"
            case .symbolicLink: "a symbolic link is no job file; copy the file itself"
            case .special: "a fifo, socket or device is no job file"
            case .notAllowed: "the file may not be read; give it to your user, for example by chmod u+r"
            }
        }
    }
}
