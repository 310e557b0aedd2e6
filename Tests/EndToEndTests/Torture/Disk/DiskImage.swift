import Foundation
import Glibc

/// The image of a disk, written to as a log says.
struct DiskImage {
    let path: String

    /// Brings the image to a state of the log. - Precondition: it is a copy of the image that the log began with.
    func apply(_ state: CrashState, of log: DiskLog) throws {
        let handle = try FileHandle(forUpdating: URL(filePath: path))
        defer { try? handle.close() }
        for index in Array(0..<state.flushed) + state.arrived where log.entries[index].kind == .write {
            let entry = log.entries[index]
            try handle.seek(toOffset: UInt64(entry.offset))
            try handle.write(contentsOf: log.bytes(entry))
        }
    }
}
