/// What a job makes.
public enum JobType: String, CaseIterable, Sendable {
    /// Text to video.
    case render = "RENDER"
    /// Image to video.
    case imageToVideo = "IMG2VID"
    /// Text to speech.
    case speech = "TTS"
    /// A face made to speak a sound track.
    case lipSync = "LIPSYNC"
    /// A LoRA trained from a person's pictures.
    case trainTwin = "TRAIN_TWIN"
    /// A timeline stitched into one film.
    case export = "EXPORT"
    /// Nothing, for trying and measuring a set-up.
    case noop = "NOOP"
}
