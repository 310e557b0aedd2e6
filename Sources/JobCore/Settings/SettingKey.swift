/// Every setting by its environment name: one table for the command line, `.env`, `kinospool config` and the docs.
public enum SettingKey: String, CaseIterable, Sendable {
    case spool = "KINOSPOOL_SPOOL"
    case host = "KINOSPOOL_HOST"
    case port = "KINOSPOOL_PORT"
    case tokenFile = "KINOSPOOL_TOKEN_FILE"
    case allowedHosts = "KINOSPOOL_ALLOWED_HOSTS"
    case corsOrigins = "KINOSPOOL_CORS_ORIGINS"
    case publicURL = "KINOSPOOL_PUBLIC_URL"
    case webhookURLs = "KINOSPOOL_WEBHOOK_URLS"
    case webhookAllow = "KINOSPOOL_WEBHOOK_ALLOW"
    case webhookSecret = "KINOSPOOL_WEBHOOK_SECRET"
    case heartbeatInterval = "JOB_HEARTBEAT_INTERVAL"
    case monitorInterval = "JOB_MONITOR_INTERVAL"
    case heartbeatTimeout = "JOB_HEARTBEAT_TIMEOUT"
    case coldStartThreshold = "COLD_START_THRESHOLD"
    case concurrency = "KINOSPOOL_CONCURRENCY"
    case runpodKey = "RUNPOD_API_KEY"
    case runpodEndpoint = "RUNPOD_ENDPOINT"
    case runpodVideoEndpoint = "RUNPOD_VIDEO_ENDPOINT"
    case runpodSpeechEndpoint = "RUNPOD_TTS_ENDPOINT"
    case runpodLipSyncEndpoint = "RUNPOD_LIPSYNC_ENDPOINT"
    case runpodTrainingEndpoint = "RUNPOD_LORA_ENDPOINT"
    case runpodProfile = "RUNPOD_PROFILE"
    case runpodExecutionTimeout = "RUNPOD_EXECUTION_TIMEOUT"
    case runpodTimeToLive = "RUNPOD_TTL"
    case runpodPrice = "RUNPOD_PRICE_PER_SECOND"
    case profiles = "KINOSPOOL_PROFILES"
    case r2Bucket = "R2_BUCKET"
    case s3Bucket = "S3_BUCKET"
    case storageEndpoint = "AWS_ENDPOINT_URL"
    case storageKeyID = "AWS_ACCESS_KEY_ID"
    case storageSecret = "AWS_SECRET_ACCESS_KEY"
    case storageRegion = "AWS_REGION"
    case storagePublicBase = "R2_PUBLIC_BASE_URL"
    case minimumFree = "KINOSPOOL_MIN_FREE"
    case durability = "KINOSPOOL_DURABILITY"
    case mediaRoots = "KINOSPOOL_MEDIA_ROOTS"
    case cacheLimit = "KINOSPOOL_CACHE_LIMIT"
    case retentionDays = "KINOSPOOL_RETENTION_DAYS"

    /// What stands where nobody set anything, nil for none.
    public var defaultText: String? {
        switch self {
        case .spool: "./spool"
        case .host: "127.0.0.1"
        case .port: "8000"
        case .heartbeatInterval: "2"
        case .monitorInterval: "30"
        case .heartbeatTimeout: "600"
        case .coldStartThreshold: "15"
        case .concurrency: "preview=1,ffmpeg=1,runpod=3"
        case .minimumFree: "5 GB"
        case .cacheLimit: "5 GB"
        case .durability: Durability.full.rawValue
        case .runpodProfile: "raw"
        case .runpodExecutionTimeout: "1h"
        case .runpodTimeToLive: "24h"
        case .tokenFile, .allowedHosts, .corsOrigins, .publicURL, .webhookURLs, .webhookAllow, .webhookSecret,
            .runpodKey, .runpodEndpoint, .runpodVideoEndpoint, .runpodSpeechEndpoint,
            .runpodLipSyncEndpoint, .runpodTrainingEndpoint, .r2Bucket, .s3Bucket, .storageEndpoint, .storageKeyID,
            .storageSecret, .storageRegion, .storagePublicBase, .mediaRoots, .runpodPrice, .profiles, .retentionDays:
            nil
        }
    }

    /// What a value looks like: `seconds`, `bytes`, `URL`, …
    public var unit: String {
        switch self {
        case .spool, .tokenFile, .profiles: "path"
        case .host: "address"
        case .port: "number"
        case .allowedHosts: "names joined by \",\""
        case .corsOrigins: "origins joined by \",\""
        case .webhookURLs, .webhookAllow: "URLs joined by \",\""
        case .heartbeatInterval, .monitorInterval, .heartbeatTimeout, .coldStartThreshold, .runpodExecutionTimeout,
            .runpodTimeToLive:
            "seconds"
        case .runpodProfile: "name, or TYPE=name, …"
        case .runpodPrice: "US dollars"
        case .concurrency: "lane=slots, …"
        case .runpodKey, .storageKeyID, .storageSecret, .webhookSecret: "secret"
        case .runpodEndpoint, .runpodVideoEndpoint, .runpodSpeechEndpoint, .runpodLipSyncEndpoint,
            .runpodTrainingEndpoint, .storageEndpoint, .storagePublicBase, .publicURL:
            "URL"
        case .r2Bucket, .s3Bucket, .storageRegion: "name"
        case .minimumFree, .cacheLimit: "bytes"
        case .retentionDays: "days"
        case .durability: Durability.allCases.map(\.rawValue).joined(separator: " or ")
        case .mediaRoots: "absolute paths joined by \":\""
        }
    }

    /// One phrase on what it does.
    public var meaning: String {
        switch self {
        case .spool: "the spool folder"
        case .host: "the address where the daemon listens"
        case .port: "the port where the daemon listens; 0 takes any free one"
        case .tokenFile: "the file with the bearer token; required for a bind beyond loopback"
        case .allowedHosts: "further names by which clients may call the daemon"
        case .corsOrigins: "sites whose pages may use the API, such as http://localhost:5173"
        case .publicURL: "how clients reach the daemon, for addresses in webhooks"
        case .webhookURLs: "where webhooks are sent"
        case .webhookAllow: "what a job's webhook_url may be: these URLs, and all below those that end with /"
        case .webhookSecret: "what webhooks are signed with, whsec_ and base64; needed to send any"
        case .heartbeatInterval: "how often a worker touches its heartbeat file"
        case .monitorInterval: "how often stale heartbeats are looked for"
        case .heartbeatTimeout: "no heartbeat for longer than this: failed with worker_timeout"
        case .coldStartThreshold: "running with progress 0 for longer than this: status_hint warming_gpu"
        case .concurrency: "jobs that run at the same time, by backend lane"
        case .runpodKey: "the RunPod key"
        case .runpodEndpoint: "the RunPod endpoint, https://api.runpod.ai/v2/ENDPOINT_ID"
        case .runpodVideoEndpoint: "the endpoint of RENDER and IMG2VID jobs alone"
        case .runpodSpeechEndpoint: "the endpoint of TTS jobs alone"
        case .runpodLipSyncEndpoint: "the endpoint of LIPSYNC jobs alone"
        case .runpodTrainingEndpoint: "the endpoint of TRAIN_TWIN jobs alone"
        case .runpodProfile: "how jobs that name no profile become the input of the endpoint's worker"
        case .runpodExecutionTimeout: "how long a run may work at RunPod"
        case .runpodTimeToLive: "how long RunPod keeps a run from its submit on, waiting and working included"
        case .runpodPrice: "what a second at work costs, to show what a job has cost"
        case .profiles: "a folder with profiles of your own, NAME.json"
        case .r2Bucket: "the bucket for published artifacts"
        case .s3Bucket: "the same; R2_BUCKET wins"
        case .storageEndpoint: "the object storage's URL, needed for everything but AWS itself"
        case .storageKeyID: "the object storage's key id"
        case .storageSecret: "the object storage's secret key"
        case .storageRegion: "the object storage's region"
        case .storagePublicBase: "the URL under which the bucket's files can be opened by anybody"
        case .minimumFree: "the disk guard: below this much free space no new job starts"
        case .durability: "full: fsync before a submit is answered and before a job is done; fast: no fsync"
        case .mediaRoots: "folders whose files jobs may name by their absolute path"
        case .retentionDays: "ended jobs older than this are deleted, but starred ones and those tagged keep"
        case .cacheLimit:
            "how much is kept of parts of exported films, so that the next export need not make them again"
        }
    }

    /// Never shown, not even in an error.
    public var isSecret: Bool {
        switch self {
        // Many a webhook's URL is a secret itself.
        case .runpodKey, .storageKeyID, .storageSecret, .webhookURLs, .webhookAllow, .webhookSecret: true
        case .spool, .host, .port, .tokenFile, .allowedHosts, .corsOrigins, .publicURL, .heartbeatInterval,
            .monitorInterval, .heartbeatTimeout,
            .coldStartThreshold, .concurrency, .runpodEndpoint, .runpodVideoEndpoint, .runpodSpeechEndpoint,
            .runpodLipSyncEndpoint, .runpodTrainingEndpoint, .r2Bucket, .s3Bucket, .storageEndpoint, .storageRegion,
            .storagePublicBase, .minimumFree, .durability, .mediaRoots, .cacheLimit, .runpodProfile,
            .runpodExecutionTimeout, .runpodTimeToLive, .runpodPrice, .profiles, .retentionDays:
            false
        }
    }
}
