import JobCore

/// What answers of object storage mean, as failures that name the setting to mend.
///
/// Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
enum StorageProblem {
    /// - Parameter what: `PUT jobs/a/a1/video.mp4`.
    static func failure(_ what: String, _ response: HTTPResponse, _ access: StorageAccess) -> Failure {
        let document = StorageXML(response.body)
        let code = document["Code"] ?? ""
        let said = code.isEmpty ? "status \(response.status)" : "\(code), \(document["Message"] ?? "")"
        let message = "Object storage refused \(what) in bucket \(access): \(said)"
        func config(_ hint: String) -> Failure { Failure(.configError, message, hint: hint) }
        switch (response.status, code) {
        case (_, "InvalidAccessKeyId"): return config("Set AWS_ACCESS_KEY_ID to a key that this storage knows.")
        case (_, "SignatureDoesNotMatch"):
            return config("Set AWS_SECRET_ACCESS_KEY to the secret of AWS_ACCESS_KEY_ID.")
        case (_, "NoSuchBucket"), (_, "InvalidBucketName"):
            return config("Set R2_BUCKET or S3_BUCKET to a bucket that exists.")
        case (_, "AuthorizationHeaderMalformed"), (_, "AuthorizationQueryParametersError"):
            return config("Set AWS_REGION to the region of the bucket.")
        case (_, "RequestTimeTooSkewed"): return config("Set this machine's clock.")
        case (301, _), (307, _), (308, _):
            return config("Set AWS_ENDPOINT_URL and AWS_REGION to where the bucket is.")
        case (401, _), (403, _):
            return config(
                "Allow it for the key, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to one that may.")
        default:
            let isPassing = HTTPFailure.passingStatuses.contains(response.status)
            let hint = "See AWS_ENDPOINT_URL and what the storage's own log says, then: kinospool retry ID."
            return Failure(.internalError, message, hint: hint, isRetryable: isPassing)
        }
    }

    static func error(_ failure: HTTPFailure) -> any Error {
        switch failure.reason {
        case .unusable, .untrusted:
            Failure(.configError, failure.message, hint: "Set AWS_ENDPOINT_URL to the storage's URL.")
        default: failure.error(.internalError, hint: "Is AWS_ENDPOINT_URL right, and the storage up?")
        }
    }
}
