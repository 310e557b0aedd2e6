import Glibc
import JobCore

/// Looks at a picture before anything else opens it.
struct ImageProbe: Sendable {
    let ffprobe: String
    let runner: ProcessRunner

    /// Limits: pixels a side, bytes a file.
    static let longestSide = 8192
    static let largestFile: Int64 = 100_000_000

    /// - Parameter pointer: JSON pointer of the parameter that named the file, for messages.
    /// - Throws: `invalid_job` when it is no picture that can be used.
    func check(
        _ path: String, pointer: String, scratch: String, report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> CheckedImage {
        let file = try await BlockingWork.run {
            try FileHead(of: path, length: ImageFormat.headLength, pointer: pointer)
        }
        let size = Int64(file.status.st_size)
        guard size <= Self.largestFile else {
            throw Failure(.invalidJob, "\(pointer): the picture has \(size) bytes, the limit is \(Self.largestFile).")
        }
        guard let format = ImageFormat(head: file.bytes) else {
            throw Failure(.invalidJob, "\(pointer): the file is no PNG, JPEG, WebP, BMP, GIF or TIFF picture.")
        }
        // Decoding the first frame proves more than its header.
        let arguments =
            ["-v", "error"] + CheckedImage.inputArguments(path: path, format: format) + [
                "-select_streams", "v:0", "-read_intervals", "%+#1",
                "-show_entries", "stream=codec_name,width,height:frame=width,height", "-of", "json",
            ]
        let command = ProcessCommand(ffprobe, arguments, in: scratch)
        let (outcome, text) = try await runner.collect(command, report: report)
        guard outcome.isSuccess, let answer = try? JSONReader.read(Array(text.utf8)).object,
            let stream = answer["streams"]?.array?.first?.object, let frame = answer["frames"]?.array?.first?.object,
            stream["codec_name"]?.string == format.codec,
            let width = frame["width"]?.integer.flatMap(Int.init(exactly:)), width > 0,
            let height = frame["height"]?.integer.flatMap(Int.init(exactly:)), height > 0
        else {
            throw Failure(.invalidJob, "\(pointer): the picture cannot be decoded. \(outcome.lastLine)")
        }
        guard max(width, height) <= Self.longestSide else {
            throw Failure(
                .invalidJob, "\(pointer): the picture is \(width)x\(height), the limit is \(Self.longestSide) a side.")
        }
        return CheckedImage(path: path, format: format, width: width, height: height)
    }
}
