/// The client for browsers and scripts that the daemon hands out; its types are written by `Scripts/client-types`.
enum ClientFiles {
    static let script = String(decoding: PackageResources.client_js, as: UTF8.self)
    static let types = String(decoding: PackageResources.client_d_ts, as: UTF8.self)
    static let typed = String(decoding: PackageResources.client_ts, as: UTF8.self)
}
