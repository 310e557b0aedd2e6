/// A file that goes along with a job: by its address, or with its bytes.
public enum ProfileMedia: Sendable, Equatable {
    /// `http` or `https`, fetched by the worker.
    case url(String)
    /// - Parameter name: how the worker may call it, with a suffix: `image.png`.
    case file(bytes: [UInt8], MediaSignature, name: String)
}
