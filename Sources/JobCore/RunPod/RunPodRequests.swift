/// The endpoint's list of requests (`/requests`, undocumented), searched for a run whose id was lost.
public enum RunPodRequests {
    /// The one run that was asked exactly this.
    ///
    /// An entry counts only where it shows its input, and the input is the same: another client of the endpoint may
    /// have asked at the same moment, and a stranger's film is worse than none.
    ///
    /// - Parameters:
    ///   - digest: of the input, as `RunPodOrder` takes it.
    ///   - taken: ids that belong to other jobs.
    public static func find(_ digest: String, in reply: RunPodReply, taken: Set<String> = []) -> RunPodRun.Finding {
        guard (200...299).contains(reply.status), let value = reply.json else {
            return .noAnswer("HTTP \(reply.status): \(reply.words)")
        }
        let entries = value.object?["requests"]?.array ?? value.object?["jobs"]?.array ?? value.array ?? []
        let ids = Set(
            entries.compactMap { entry -> String? in
                guard let fields = entry.object, let id = fields["id"]?.string, RunPodEndpoint.isLegal(runID: id),
                    !taken.contains(id), let input = fields["input"]?.object
                else { return nil }
                var hash = SHA256()
                hash.update(JSONWriter.compact(.object(input)).utf8)
                return hash.finished() == digest ? id : nil
            })
        guard ids.count == 1, let id = ids.first else { return .notFound }
        return .found(id: id)
    }
}
