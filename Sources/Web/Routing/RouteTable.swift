/// Every route there is.
enum RouteTable {
    static let routes: [Route] = [
        Route("POST", "/jobs", .submitJob),
        Route("GET", "/jobs", .listJobs),
        Route("POST", "/jobs/bulk", .bulkJobs),
        Route("GET", "/jobs/{id}", .getJob),
        Route("PATCH", "/jobs/{id}", .editJob),
        Route("DELETE", "/jobs/{id}", .deleteJob),
        Route("POST", "/jobs/{id}/cancel", .cancelJob),
        Route("POST", "/jobs/{id}/retry", .retryJob),
        Route("GET", "/jobs/{id}/log", .getLog),
        Route("GET", "/jobs/{id}/artifacts", .listArtifacts),
        Route("GET", "/jobs/{id}/artifacts/{name}", .getArtifact),
        Route("GET", "/jobs/{id}/inputs/{name}", .getInput),
        Route("POST", "/timeline/stitch", .stitchTimeline),
        Route("GET", "/events", .events),
        Route("POST", "/uploads", .upload),
        Route("GET", "/storage", .getStorage),
        Route("POST", "/cleanup", .cleanup),
        Route("POST", "/queue/pause", .pauseQueue),
        Route("POST", "/queue/resume", .resumeQueue),
        Route("GET", "/webhooks", .listWebhooks),
        Route("POST", "/webhooks/{id}/replay", .replayWebhook),
        Route("GET", "/errors", .getErrors),
        Route("GET", "/metrics", .getMetrics),
        Route("GET", "/health", .getHealth),
        Route("GET", "/login", .login),
        Route("GET", "/livez", .livez),
        Route("GET", "/readyz", .readyz),
        Route("GET", "/openapi.json", .getOpenAPI),
        Route("GET", "/client.js", .getClient),
        Route("GET", "/client.d.ts", .getClientTypes),
        Route("GET", "/client.ts", .getTypedClient),
        Route("GET", "/", .panelPage),
        Route("GET", "/panel/{name}", .panelFile),
        Route("POST", "/v1/videos", .createVideo),
        Route("GET", "/v1/videos", .listVideos),
        Route("GET", "/v1/videos/{id}", .getVideo),
        Route("DELETE", "/v1/videos/{id}", .deleteVideo),
        Route("GET", "/v1/videos/{id}/content", .getVideoContent),
        Route("POST", "/v1/videos/{id}/remix", .remixVideo),
    ]

    enum Match: Sendable, Equatable {
        case found(Operation, [String: String])
        /// The address is known, the method is not one of its own.
        case wrongMethod(allowed: [String])
        case nothing
    }

    /// Whom a request is for; `HEAD` is `GET` without a body.
    static func match(_ method: String, _ path: String) -> Match {
        let segments = path.split(separator: "/")
        guard path.hasPrefix("/"), !path.contains("//"), path == "/" || !path.hasSuffix("/") else { return .nothing }
        let wanted = method == "HEAD" ? "GET" : method
        var allowed: [String] = []
        for route in routes {
            guard let parameters = route.parameters(in: segments) else { continue }
            if route.method == wanted { return .found(route.operation, parameters) }
            allowed += route.method == "GET" ? ["GET", "HEAD"] : [route.method]
        }
        return allowed.isEmpty ? .nothing : .wrongMethod(allowed: allowed.sorted())
    }
}
