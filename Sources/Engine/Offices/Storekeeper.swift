import JobCore
import Logging
import Spool

/// Keeps the ballast. Once the disk that was full has room, it opens the queue again and has finished what was cut
/// short meanwhile.
struct Storekeeper: Sendable {
    private let folder: SpoolFolder
    private let recovery: Recovery
    private let logger: Logger

    /// How often a disk that is full is looked at.
    static let patience = Duration.seconds(2)

    init(folder: SpoolFolder, recovery: Recovery, logger: Logger) {
        (self.folder, self.recovery, self.logger) = (folder, recovery, logger)
    }

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
                await recovery.recoverAfterFullDisk()
                return .zero
            }
        } catch {
            logger.warning("meta/ballast cannot be kept", metadata: ["error": "\(error)"])
            return Self.patience * 15
        }
    }
}
