import JobCore

/// A file of the panel, as it lies in `Panel/` and inside the program.
struct PanelFile: Sendable {
    let name: String
    let bytes: [UInt8]
    /// Follows from the bytes.
    let tag: EntityTag

    init(name: String, bytes: [UInt8]) {
        (self.name, self.bytes) = (name, bytes)
        var hash = SHA256()
        hash.update(bytes)
        tag = EntityTag(opaque: String(hash.finished().prefix(24)))
    }

    var mediaType: String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "text/javascript; charset=utf-8"
        }
    }

    /// The page itself.
    static let page = all["index.html"] ?? PanelFile(name: "index.html", bytes: [])

    /// All of them by their names.
    static let all: [String: PanelFile] = Dictionary(
        uniqueKeysWithValues: contents.map { ($0.0, PanelFile(name: $0.0, bytes: $0.1)) })

    private static let contents: [(String, [UInt8])] = [
        ("actions.js", PackageResources.actions_js),
        ("api.js", PackageResources.api_js),
        ("compare.js", PackageResources.compare_js),
        ("composer.js", PackageResources.composer_js),
        ("describe.js", PackageResources.describe_js),
        ("dialogs.js", PackageResources.dialogs_js),
        ("down.svg", PackageResources.down_svg),
        ("el.js", PackageResources.el_js),
        ("estimate.js", PackageResources.estimate_js),
        ("failures.js", PackageResources.failures_js),
        ("feed.js", PackageResources.feed_js),
        ("format.js", PackageResources.format_js),
        ("header.js", PackageResources.header_js),
        ("hover.js", PackageResources.hover_js),
        ("hub.js", PackageResources.hub_js),
        ("icon.svg", PackageResources.icon_svg),
        ("icons.js", PackageResources.icons_js),
        ("index.html", PackageResources.index_html),
        ("intake.js", PackageResources.intake_js),
        ("job-card.js", PackageResources.job_card_js),
        ("job-list.js", PackageResources.job_list_js),
        ("keep.js", PackageResources.keep_js),
        ("keys.js", PackageResources.keys_js),
        ("live-worker.js", PackageResources.live_worker_js),
        ("live.js", PackageResources.live_js),
        ("main.js", PackageResources.main_js),
        ("menu.js", PackageResources.menu_js),
        ("panel.css", PackageResources.panel_css),
        ("player.js", PackageResources.player_js),
        ("query.js", PackageResources.query_js),
        ("reducer.js", PackageResources.reducer_js),
        ("rows.js", PackageResources.rows_js),
        ("storage.js", PackageResources.storage_js),
        ("store.js", PackageResources.store_js),
        ("stream.js", PackageResources.stream_js),
        ("take-card.js", PackageResources.take_card_js),
        ("timeline-model.js", PackageResources.timeline_model_js),
        ("timeline-tracks.js", PackageResources.timeline_tracks_js),
        ("timeline.js", PackageResources.timeline_js),
        ("toast.js", PackageResources.toast_js),
        ("trash.js", PackageResources.trash_js),
    ]
}
