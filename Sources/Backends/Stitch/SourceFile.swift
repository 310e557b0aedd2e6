import CLinux
import Glibc
import JobCore

/// A local file that was looked at: regular, of an allowed format, and not empty.
struct SourceFile: Sendable, Equatable {
    /// Absolute, without symbolic links.
    let path: String
    let format: ClipFormat
    /// Tells this content from any other that the file may have had or will have.
    let version: String

    /// - Parameter isKnown: its own index tells all that a decoder must know.
    func input(isKnown: Bool) -> StitchInput { StitchInput(path: path, demuxer: format.demuxer, isKnown: isKnown) }

    /// Blocking.
    ///
    /// - Parameter pointer: JSON pointer of the parameter that named the file, for messages.
    /// - Throws: `invalid_job` when it is no film or sound that can be used.
    init(_ path: String, pointer: String) throws(Failure) {
        let file = try FileHead(of: path, length: ClipFormat.headLength, pointer: pointer)
        guard let format = ClipFormat(head: file.bytes) else {
            throw Failure(
                .invalidJob, "\(pointer): the file is no film or sound that is known here.",
                hint: "Known are MP4, MOV, Matroska, WebM, AVI, MPEG-TS, FLV, WAV, MP3, FLAC, Ogg and AAC; "
                    + "playlists and scripts are not read.")
        }
        let facts = file.status
        (self.path, self.format) = (path, format)
        version =
            "\(facts.st_dev) \(facts.st_ino) \(facts.st_size) \(facts.st_mtim.tv_sec).\(facts.st_mtim.tv_nsec)"
            + " \(facts.st_ctim.tv_sec).\(facts.st_ctim.tv_nsec)"
    }

    /// SHA-256 of all bytes. Blocking.
    static func digest(of path: String, pointer: String) throws(Failure) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileHead.unreadable(pointer) }
        defer { close(file) }
        var hash = SHA256(sp_sha256_blocks)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(file, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileHead.unreadable(pointer) }
            if count == 0 { return hash.finished() }
            hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
