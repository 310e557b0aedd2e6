import JobCore

/// Size, rate and length of a film to make, with the preview's defaults filled in.
struct FilmPlan: Sendable, Equatable {
    let size: FrameSize
    let rate: FrameRate
    /// At least 1.
    let frameCount: Int

    /// What is made when the job does not say: 5 s, 24 frames a second, 480p 16:9.
    static let defaultDuration = 5.0, defaultRate = 24.0
    /// Larger films take more memory than a machine at home can spare for a preview.
    static let longestSide = 4096

    /// `num_frames` wins over `duration`.
    ///
    /// - Throws: `invalid_job` when the size is too large for the preview.
    init(_ parameters: JobParameters) throws(Failure) {
        guard let size = parameters.size ?? FrameSize(resolution: "480p", aspectRatio: "16:9") else {
            throw Failure(.internalError, "The default size of films is broken.")
        }
        guard max(size.width, size.height) <= Self.longestSide else {
            throw Failure(
                .invalidJob,
                "/params/width: the local preview makes at most \(Self.longestSide) pixels a side (is \(size)).",
                hint: "Ask for a smaller size, or for another backend.")
        }
        self.size = size
        rate = FrameRate(parameters.framesPerSecond ?? Self.defaultRate)
        let seconds = parameters.duration ?? Self.defaultDuration
        frameCount = parameters.frameCount ?? max(1, Int((seconds * rate.value).rounded()))
    }

    /// Exact length in seconds.
    var duration: Double { rate.seconds(frameCount) }

    /// Length of each fade: never more than a quarter of the film, none in films too short to show one.
    var fade: Double { duration < 0.5 ? 0 : min(0.4, duration / 4) }

    /// What the gate holds the film against.
    var promise: ProducedFile.Promise {
        ProducedFile.Promise(duration: duration, size: size, framesPerSecond: rate.value)
    }

    /// `854×480 · 24 fps · 5 s`.
    var label: String {
        "\(size.width)×\(size.height) · \(DecimalText.short(rate.value)) fps · \(DecimalText.short(duration)) s"
    }
}
