/// Everything that can be asked for over HTTP, by the `operationId` of the OpenAPI document.
enum Operation: String, CaseIterable, Sendable {
    // The predecessor's.
    case submitJob, getJob, listJobs, cancelJob, deleteJob, stitchTimeline, getHealth
    // Ours.
    case editJob, retryJob, getLog, listArtifacts, getArtifact, getInput
    case events, upload, getStorage, cleanup, pauseQueue, resumeQueue, getErrors, getMetrics, livez, readyz, getOpenAPI
    case listWebhooks, replayWebhook, bulkJobs, login
    case getClient, getClientTypes, getTypedClient
    // The panel, which is no part of the API.
    case panelPage, panelFile
    // What OpenAI's video API calls them.
    case createVideo, listVideos, getVideo, deleteVideo, getVideoContent, remixVideo

    /// Whether it is of the panel for people, and not of the API for programs.
    var isOfPanel: Bool { self == .panelPage || self == .panelFile }

    /// Whether it may be asked for without a token: what tells only that somebody is there, and the panel's own files,
    /// which tell of no job.
    var isOpen: Bool {
        switch self {
        case .getHealth, .livez, .readyz, .login, .getClient, .getClientTypes, .getTypedClient, .panelPage, .panelFile:
            true
        case .submitJob, .getJob, .listJobs, .cancelJob, .deleteJob, .stitchTimeline, .editJob, .retryJob, .getLog,
            .listArtifacts, .getArtifact, .getInput, .events, .upload, .getStorage, .cleanup, .pauseQueue, .resumeQueue,
            .getErrors, .getMetrics, .getOpenAPI, .listWebhooks, .replayWebhook, .bulkJobs, .createVideo, .listVideos,
            .getVideo, .deleteVideo, .getVideoContent, .remixVideo:
            false
        }
    }
}
