/// In which form a worker takes files.
public enum ProfileTransport: String, Sendable, CaseIterable {
    /// Addresses as they are, files as data URIs.
    case dataURI = "data_uri"
    /// Plain base64; with `url_key`, addresses under that key.
    case rawBase64 = "raw_base64"
    /// Addresses alone.
    case url
    /// worker-comfyui's list of `{name, image}`.
    case comfyImages = "comfy_images"
}
