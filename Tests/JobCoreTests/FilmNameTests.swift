import JobCore
import Testing

@Suite("Film names")
struct FilmNameTests {
    private func name(
        _ id: String, _ prompt: String?, file: String = "video.mp4", kind: Artifact.Kind = .video, index: Int = 0
    ) throws -> String? {
        let artifact = Artifact(name: file, kind: kind, bytes: 1, sha256: "")
        return FilmName.text(id: try #require(JobID(id)), prompt: prompt, artifact: artifact, index: index)
    }

    @Test func generatedID_takesThePromptsWords() throws {
        let id = "20261123-140355123-7k3q9d"
        #expect(try name(id, "Paper boats, drifting!") == "paper-boats-drifting-7k3q9d.mp4")
        #expect(try name(id, "漢字") == "\(id).mp4")
        #expect(try name(id, nil) == "\(id).mp4")
        #expect(try name(id, "boats", index: 1) == "boats-7k3q9d-2.mp4")
        #expect(try name(id, "boats", file: "speech.tar.wav", kind: .audio) == "boats-7k3q9d.wav")
        #expect(try name(id, "boats", file: "bare") == "boats-7k3q9d")
    }

    @Test(arguments: [
        ("film.", "boats-7k3q9d"), ("film.mp4 copy", "boats-7k3q9d"), ("film.\u{202E}4pm", "boats-7k3q9d"),
        ("film." + String(repeating: "x", count: 190), "boats-7k3q9d"), ("film.12345678", "boats-7k3q9d.12345678"),
        ("film.123456789", "boats-7k3q9d"),
    ])
    func suffix_thatIsNoUsualOne_isLeftOut(file: String, wanted: String) throws {
        #expect(try name("20261123-140355123-7k3q9d", "boats", file: file) == wanted)
    }

    @Test(arguments: ["lighthouse", "2026-11-23", "20261123-140355123", "20261123-14035512x-7k3q9d", "a-b-c"])
    func chosenID_isTheName(id: String) throws {
        #expect(try name(id, "Paper boats") == "\(id).mp4")
    }

    @Test(arguments: [Artifact.Kind.image, .data])
    func filesNobodyOpensForPleasure_haveNone(kind: Artifact.Kind) throws {
        #expect(try name("lighthouse", "boats", kind: kind) == nil)
    }

    @Test func longPrompt_isCutAfterAWordAndFitsAFileName() throws {
        let prompt = String(repeating: "lantern ", count: 40)
        let text = try #require(try name("20261123-140355123-7k3q9d", prompt))
        #expect(text == "lantern-lantern-lantern-lantern-lantern-7k3q9d.mp4")
    }
}
