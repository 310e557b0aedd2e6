import JobCore
import Logging
import Spool

/// Keeps the ballast, and opens the queue again once the disk that was full has room.
struct Storekeeper: Sendable {
    private let folder: SpoolFolder
    private let logger: Logger

    /// How often a disk that is full is looked at.
    static let patience = Duration.seconds(2)

    init(folder: SpoolFolder, logger: Logger) { (self.folder, self.logger) = (folder, logger) }

    /// One look. - Returns: how long to wait before the next; nil: not before `meta/` changes.
    func round() async -> Duration? {
        let folder = folder
        do {
            switch try await BlockingWork.run({ try folder.keepBallast() }) {
            case .nothing: return nil
            case .wait: return Self.patience
            case .make(let bytes, let files):
                logger.debug("ballast made", metadata: ["bytes": "\(bytes)", "files": "\(files)"])
                return .zero
            case .open:
                logger.warning("the disk has room again: the queue is open")
                return .zero
            }
        } catch {
            logger.warning("meta/ballast cannot be kept", metadata: ["error": "\(error)"])
            return Self.patience * 15
        }
    }
}
