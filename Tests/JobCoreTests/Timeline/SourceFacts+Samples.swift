import JobCore

extension SourceFacts {
    /// What ffprobe says of a clip as generators make them.
    static func clip(
        size: String = "1280x720", rate: String = "24/1", seconds: Double = 5, frames: Int? = nil, audio: Bool = true,
        setup: String = "SHA256:1", pixel: String = "1:1", start: String = "0.000000", timeBase: String = "1/12288"
    ) throws -> SourceFacts {
        let sides = size.split(separator: "x")
        let parts = rate.split(separator: "/").compactMap { Double($0) }
        let count = frames ?? Int((seconds * parts[0] / parts[1]).rounded())
        let sound = #",{"codec_type":"audio","codec_name":"aac","sample_rate":"44100","channels":1,"start_time":"0"}"#
        let text = """
            {"format":{"start_time":"\(start)","duration":"\(seconds)"},"streams":[{"codec_type":"video",
            "codec_name":"h264","profile":"High","width":\(sides[0]),"height":\(sides[1]),"pix_fmt":"yuv420p",
            "sample_aspect_ratio":"\(pixel)","r_frame_rate":"\(rate)","avg_frame_rate":"\(rate)",
            "time_base":"\(timeBase)","start_time":"\(start)","duration":"\(seconds)","nb_frames":"\(count)",
            "extradata_hash":"\(setup)"}\(audio ? sound : "")]}
            """
        guard let facts = SourceFacts(probe: text) else { throw Failure(.internalError, "ffprobe's answer: \(text)") }
        return facts
    }
}
