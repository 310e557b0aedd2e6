import JobCore

/// `Documents/openapi.json`, the description of the API for programs, with this version in it.
enum OpenAPIDocument {
    static let text = String(decoding: PackageResources.openapi_json, as: UTF8.self)
        .replacing("\"version\": \"0.0.0\"", with: "\"version\": \"\(KinospoolVersion.text)\"")
}
