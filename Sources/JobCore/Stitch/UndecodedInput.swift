/// Options that keep ffmpeg from decoding the first picture of every file that it opens, where none is needed: for some
/// films that alone is a third of the time of opening one.
///
/// Only for MP4 and MOV, whose index tells all that copying and the sound need to know.
public enum UndecodedInput {
    /// The only demuxer that it is good for.
    public static let demuxer = "mov"
    /// ffmpeg says this of every decoder that it was kept from.
    public static let complaint = "not on whitelist"
    /// Where these options are used, each complaint stands for itself.
    public static let logLevel = ["-v", "repeat+error"]

    /// ffmpeg's decoders of the sounds that films have.
    private static let decoders = [
        "aac": "aac", "mp3": "mp3float,mp3", "ac3": "ac3", "alac": "alac", "flac": "flac", "opus": "opus,libopus",
        "pcm_s16le": "pcm_s16le", "pcm_f32le": "pcm_f32le",
    ]

    /// For an input of which nothing is decoded.
    public static let copying = ["-codec_whitelist", "none"]

    /// Before each of these inputs; ffmpeg has one switch for all that follow, so it is used for all or none.
    public static func unprobed(_ inputs: [StitchInput]) -> [String] {
        !inputs.isEmpty && inputs.allSatisfy(\.isKnown) ? unprobed : []
    }

    /// For inputs whose index is known to tell all: nothing is decoded to find out more.
    public static let unprobed = ["-nofind_stream_info"]

    /// For an input of which only the sound is decoded; none where its decoder is not known.
    public static func sound(_ codec: String?) -> [String] {
        codec.flatMap { decoders[$0] }.map { ["-codec_whitelist", $0] } ?? []
    }
}
