import JobCore

/// The profiles that jobs may name: the user's own folder first, then those that come with the program.
///
/// Those lie as JSON beside this file and are compiled in: an installed program is one file.
struct ProfileLibrary: Sendable {
    /// Absolute path of the user's folder, nil for none.
    let folder: String?

    /// Those that come along.
    static let shipped: [String: [UInt8]] = [
        "raw": PackageResources.raw_json, "runpod-public-wan": PackageResources.runpod_public_wan_json,
        "wan-generate_video": PackageResources.wan_generate_video_json,
        "wan-nikserg": PackageResources.wan_nikserg_json, "worker-comfyui": PackageResources.worker_comfyui_json,
        "cogvideox": PackageResources.cogvideox_json, "infinitetalk": PackageResources.infinitetalk_json,
        "chatterbox": PackageResources.chatterbox_json,
    ]

    /// Reads a profile anew, so that an edit counts at once. It blocks for a small file.
    ///
    /// - Throws: `config_error` when it reads wrong, `invalid_job` when there is none of that name.
    func profile(_ name: String) throws(Failure) -> WorkerProfile {
        guard PlainName.isLegal(name) else {
            throw Failure(.invalidJob, "/profile: \"\(name.prefix(64))\" is no name of a profile.")
        }
        if let folder, let bytes = ScratchFile.read("\(folder)/\(name).json", limit: WorkerProfile.maximumBytes) {
            return try WorkerProfile(name: name, reading: bytes)
        }
        guard let bytes = Self.shipped[name] else {
            let names = Self.shipped.keys.sorted().joined(separator: ", ")
            throw Failure(
                .invalidJob, "/profile: there is no profile \"\(name)\".",
                hint: "One of \(names), or a file of your own in KINOSPOOL_PROFILES.")
        }
        return try WorkerProfile(name: name, reading: bytes)
    }
}
