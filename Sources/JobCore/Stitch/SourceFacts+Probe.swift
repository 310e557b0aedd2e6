/// Reading the answer of ffprobe.
extension SourceFacts {
    /// What to ask, for a file that is opened by the arguments given.
    public static func probeArguments(opening input: [String]) -> [String] {
        ["-v", "error"] + input + [
            "-show_data_hash", "sha256", "-show_entries",
            "format=start_time,duration:stream=codec_type,codec_name,width,height,sample_aspect_ratio"
                + ",pix_fmt,r_frame_rate,avg_frame_rate,time_base,start_time,duration,nb_frames,extradata_hash"
                + ",sample_rate,channels:stream_disposition=attached_pic:stream_side_data=rotation",
            "-of", "json",
        ]
    }

    /// Nil when the text is no answer of ffprobe.
    public init?(probe text: String) {
        guard let fields = try? JSONReader.read(Array(text.utf8)).object, let streams = fields["streams"]?.array else {
            return nil
        }
        func first(_ kind: String) -> [String: JSONValue]? {
            streams.lazy.compactMap(\.object).first { fields in
                // A cover picture in a sound file is no film.
                fields["codec_type"]?.string == kind && fields["disposition"]?.object?["attached_pic"]?.integer != 1
            }
        }
        let format = fields["format"]?.object ?? [:]
        self.init(
            video: first("video").flatMap(Video.init), audio: first("audio").flatMap(Audio.init),
            startTime: Self.seconds(format["start_time"]) ?? 0, duration: Self.seconds(format["duration"]))
    }

    fileprivate static func seconds(_ value: JSONValue?) -> Double? {
        value?.string.flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
    }
}

extension SourceFacts.Video {
    fileprivate init?(_ fields: [String: JSONValue]) {
        func whole(_ key: String) -> Int? { fields[key]?.integer.flatMap(Int.init(exactly:)) }
        guard let width = whole("width"), let height = whole("height"), width > 0, height > 0 else { return nil }
        let pixel = Self.ratio(fields["sample_aspect_ratio"]?.string, separator: ":") ?? 1
        let turn = fields["side_data_list"]?.array?.compactMap { $0.object?["rotation"]?.number }.first ?? 0
        rotation = Int(turn.isFinite && abs(turn) < 3600 ? turn : 0)
        let shown = (Int((Double(width) * pixel).rounded()), height)
        let isTurned = abs(rotation) % 180 == 90
        guard let size = FrameSize(width: isTurned ? shown.1 : shown.0, height: isTurned ? shown.0 : shown.1) else {
            return nil
        }
        self.size = size
        hasSquarePixels = abs(pixel - 1) < 0.0001
        codec = fields["codec_name"]?.string ?? "unknown"
        pixelFormat = fields["pix_fmt"]?.string ?? ""
        let mean = Self.ratio(fields["avg_frame_rate"]?.string, separator: "/")
        let nominal = Self.ratio(fields["r_frame_rate"]?.string, separator: "/")
        guard let value = mean ?? nominal, (0.1...1000).contains(value) else { return nil }
        rate = FrameRate(value)
        nominalRate = FrameRate(nominal.map { min($0, 1000) } ?? value)
        timeBase = fields["time_base"]?.string ?? ""
        startTime = SourceFacts.seconds(fields["start_time"]) ?? 0
        duration = SourceFacts.seconds(fields["duration"])
        frameCount = fields["nb_frames"]?.string.flatMap { Int($0) }
        setup = fields["extradata_hash"]?.string ?? ""
    }

    /// `24000/1001` or `4:3`; nil for `0/0`.
    private static func ratio(_ text: String?, separator: Character) -> Double? {
        let parts = (text ?? "").split(separator: separator).compactMap { Double($0) }
        guard parts.count == 2, parts[0] > 0, parts[1] > 0 else { return nil }
        return parts[0] / parts[1]
    }
}

extension SourceFacts.Audio {
    fileprivate init?(_ fields: [String: JSONValue]) {
        guard let channels = fields["channels"]?.integer.flatMap(Int.init(exactly:)), channels > 0 else { return nil }
        self.channels = channels
        codec = fields["codec_name"]?.string ?? "unknown"
        sampleRate = fields["sample_rate"]?.string.flatMap { Int($0) } ?? 0
        startTime = SourceFacts.seconds(fields["start_time"]) ?? 0
        duration = SourceFacts.seconds(fields["duration"])
    }
}
