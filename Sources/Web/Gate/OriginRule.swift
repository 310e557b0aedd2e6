/// Whether a request that changes something may come from where a browser says it comes from.
///
/// Programs send neither header and pass. Pages of other sites, also of another port of this machine, do not.
enum OriginRule {
    /// - Parameters:
    ///   - host: the request's `Host`, which was found to be ours.
    ///   - site: `Sec-Fetch-Site`.
    static func allows(origin: String?, site: String?, host: String) -> Bool {
        if let site, site != "same-origin", site != "none" { return false }
        guard let origin else { return true }
        guard let scheme = ["http://", "https://"].first(where: origin.lowercased().hasPrefix) else { return false }
        return origin.lowercased().dropFirst(scheme.count) == host.lowercased()
    }
}
