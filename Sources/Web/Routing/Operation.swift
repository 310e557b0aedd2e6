/// Everything that can be asked for over HTTP, by the `operationId` of the OpenAPI document.
enum Operation: String, CaseIterable, Sendable {
    // The predecessor's.
    case submitJob, getJob, listJobs, cancelJob, deleteJob, stitchTimeline, getHealth
    // Ours.
    case editJob, retryJob, getLog, listArtifacts, getArtifact
    case events, upload, getStorage, pauseQueue, resumeQueue, getErrors, getMetrics, livez, readyz, getOpenAPI
    case listWebhooks, replayWebhook, bulkJobs, login
    case getClient, getClientTypes, getTypedClient
    // What OpenAI's video API calls them.
    case createVideo, listVideos, getVideo, deleteVideo, getVideoContent, remixVideo

    /// Whether it may be asked for without a token: what tells only that somebody is there.
    var isOpen: Bool {
        switch self {
        case .getHealth, .livez, .readyz, .login, .getClient, .getClientTypes, .getTypedClient: true
        case .submitJob, .getJob, .listJobs, .cancelJob, .deleteJob, .stitchTimeline, .editJob, .retryJob, .getLog,
            .listArtifacts, .getArtifact, .events, .upload, .getStorage, .pauseQueue, .resumeQueue, .getErrors,
            .getMetrics, .getOpenAPI, .listWebhooks, .replayWebhook, .bulkJobs, .createVideo, .listVideos, .getVideo,
            .deleteVideo, .getVideoContent, .remixVideo:
            false
        }
    }
}
