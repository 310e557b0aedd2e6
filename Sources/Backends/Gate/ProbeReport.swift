import JobCore

/// What a media file's index or `ffprobe -of json` says of it, with the parts that the gate needs.
struct ProbeReport: Sendable, Equatable {
    /// One picture or sound stream.
    struct Stream: Sendable, Equatable {
        let codec: String
        let width: Int?, height: Int?
        /// Seconds, nil where the container does not say.
        let duration: Double?
        let framesPerSecond: Double?
        /// Packets promised by the header, and packets really there.
        let declaredCount: Int?, packetCount: Int
        /// ffmpeg's name, "" for sound; and the second at which it begins.
        let pixelFormat: String, startTime: Double
    }

    /// Seconds, of the whole file.
    let duration: Double?
    let video: Stream?, audio: Stream?
    /// Tracks of captions.
    let captionTracks: Int

    /// What to ask ffprobe; counting packets reads the file to its end.
    static func arguments(path: String) -> [String] {
        [
            "-v", "error", "-protocol_whitelist", "file", "-count_packets", "-show_entries",
            "format=duration,format_name:stream=codec_type,codec_name,width,height,pix_fmt,avg_frame_rate,start_time"
                + ",duration,nb_frames,nb_read_packets:stream_disposition=attached_pic:stream_tags=DURATION",
            "-of", "json", "file:\(path)",
        ]
    }

    /// The header of an AVI counts the moments before a first picture that comes late, as those of MPEG-4 do.
    private static let largestGap = 4

    /// Nil when the text is no answer of ffprobe.
    init?(_ text: String) {
        guard let fields = try? JSONReader.read(Array(text.utf8)).object, let streams = fields["streams"]?.array else {
            return nil
        }
        duration = fields["format"]?.object?["duration"]?.string.flatMap(Double.init)
        let spare = fields["format"]?.object?["format_name"]?.string == "avi" ? Self.largestGap : 0
        func first(_ kind: String) -> Stream? {
            streams.lazy.compactMap(\.object).first { fields in
                // A cover picture in a sound file is no film.
                fields["codec_type"]?.string == kind && fields["disposition"]?.object?["attached_pic"]?.integer != 1
            }.map { Stream($0, spare: spare) }
        }
        (video, audio) = (first("video"), first("audio"))
        captionTracks = streams.count { $0.object?["codec_type"]?.string == "subtitle" }
    }
}

extension ProbeReport {
    /// The same from a film's own index, which promises only frames that lie in the file.
    init(_ index: MovieIndex) {
        duration = index.duration
        video = index.picture.map {
            Stream(
                codec: "h264", width: $0.size.width, height: $0.size.height, duration: $0.duration,
                framesPerSecond: $0.rate, declaredCount: $0.frameCount, packetCount: $0.frameCount,
                pixelFormat: "yuv420p", startTime: 0)
        }
        audio = index.sound.map {
            Stream(
                codec: "aac", width: nil, height: nil, duration: $0.duration, framesPerSecond: nil,
                declaredCount: $0.packets.count, packetCount: $0.packets.count, pixelFormat: "", startTime: 0)
        }
        captionTracks = index.captionTracks
    }
}

extension ProbeReport.Stream {
    /// - Parameter spare: how many packets the header may count that are none.
    init(_ fields: [String: JSONValue], spare: Int) {
        codec = fields["codec_name"]?.string ?? "unknown"
        width = fields["width"]?.integer.flatMap(Int.init(exactly:))
        height = fields["height"]?.integer.flatMap(Int.init(exactly:))
        let begin = fields["start_time"]?.string.flatMap(Double.init) ?? 0
        // Matroska tells where a stream ends, in a tag.
        let end = fields["tags"]?.object?["DURATION"]?.string.flatMap(Self.seconds)
        duration = fields["duration"]?.string.flatMap(Double.init) ?? end.map { $0 - begin }
        framesPerSecond = fields["avg_frame_rate"]?.string.flatMap(Self.rate)
        declaredCount = fields["nb_frames"]?.string.flatMap { Int($0) }.map { max(0, $0 - spare) }
        packetCount = fields["nb_read_packets"]?.string.flatMap { Int($0) } ?? 0
        pixelFormat = fields["pix_fmt"]?.string ?? ""
        startTime = begin
    }

    /// `00:00:03.021000000`
    private static func seconds(_ text: String) -> Double? {
        let parts = text.split(separator: ":").compactMap { Double($0) }
        return parts.count == 3 ? parts[0] * 3600 + parts[1] * 60 + parts[2] : nil
    }

    /// `24000/1001`; nil for `0/0`.
    private static func rate(_ text: String) -> Double? {
        let parts = text.split(separator: "/").compactMap { Double($0) }
        guard parts.count == 2, parts[0] > 0, parts[1] > 0 else { return nil }
        return parts[0] / parts[1]
    }
}
