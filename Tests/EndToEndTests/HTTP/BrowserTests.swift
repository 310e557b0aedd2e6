import Foundation
import JobCore
import Testing

/// Pages that mean harm, in a real Chromium.
@Suite(.timeLimit(.minutes(3))) struct BrowserTests {
    /// Where `Scripts/install-packages --tests` puts the driver.
    private static var python: String { PeerTests.python.replacing("/http-2/", with: "/panel-1/") }

    @Test func strangersPages_canNeitherReadNorPost() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            _ = try await api.post("/jobs", #"{"type":"NOOP","job_id":"a-private-job"}"#)
            let script = PeerTests.script("rebinding_peer.py")
            try await PeerTests.run(desk, "\(Self.python) \(script) \(api.port)")
            let told = desk.read("\(desk.folder)/peer.log") ?? ""
            let answer = try Desk.object(told.split(separator: "\n").last.map(String.init) ?? "")
            let attacks = try #require(answer["attacks"]?.array).compactMap(\.object)
            #expect(attacks.count == 20)
            for attack in attacks {
                let status = attack["status"]?.integer ?? 0
                #expect(attack["error"] != nil || status >= 400, "\(attack)")
                #expect(attack["text"]?.string?.contains("a-private-job") != true, "\(attack)")
                // A rebound name is of the same origin to the browser: it is told why, and nothing else.
                if attack["page"] == "a rebound name" { #expect(status == 421, "\(attack)") }
            }
            // From its own address the same question is answered.
            #expect(answer["own"]?.object?["text"]?.string?.contains("a-private-job") == true)
            // Nothing was made, and the queue is as it was.
            #expect(desk.count(.queued) == 1 && desk.exists("spool/meta/paused"))
            try await desk.stop(daemon)
        }
    }
}
