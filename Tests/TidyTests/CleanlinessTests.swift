import Foundation
import Testing

@Suite("Cleanliness")
struct CleanlinessTests {
    @Test func noFile_namesAPathOfOneMachine() {
        #expect(SourceTree.files.flatMap { Cleanliness.machinePaths(in: $0) } == [])
    }

    @Test func everyRelativeLink_leadsToAFile() {
        let pages = SourceTree.files.filter { $0.path.hasSuffix(".md") }
        #expect(pages.count >= 10)
        #expect(pages.flatMap { Cleanliness.brokenLinks(in: $0) } == [])
    }

    @Test func everyFile_endsTidily() {
        #expect(SourceTree.files.flatMap { Cleanliness.untidyEnds(in: $0) } == [])
    }

    @Test(arguments: [
        ("cd /" + "work/main", 1), ("\"/" + "home/ann/x\"", 1), ("(/" + "root/.cache)", 1),
        ("../work/7f/a/a1/video.mp4", 0), ("spool/work/xx", 0), ("\"\\(root)/work/7f\"", 0), ("the /work folder", 0),
        ("/home/me/token", 0),
    ])
    func machinePath_inASample_isAnOffence(line: String, count: Int) {
        #expect(Cleanliness.machinePaths(in: SourceTree.File(path: "a.md", text: line + "\n")).count == count)
    }

    @Test func brokenLink_inASample_isAnOffence() {
        let text = "[a](gone.md) [b](../README.md#top) [c](https://example.org/x) [d](#here) [e](sub/)\n"
        let page = SourceTree.File(path: "Documentation/a.md", text: text)
        let found = Cleanliness.brokenLinks(in: page) { ["README.md", "Documentation/sub"].contains($0) }
        #expect(found == ["Documentation/a.md: gone.md leads nowhere"])
    }

    @Test func everyScript_stopsAtErrorsAndCanBeStarted() {
        let scripts = SourceTree.files.filter { $0.path.hasPrefix("Scripts/") || $0.path == ".ci/run" }
        #expect(scripts.count >= 4)
        for script in scripts {
            let isExecutable = FileManager.default.isExecutableFile(atPath: "\(SourceTree.root)/\(script.path)")
            #expect(Cleanliness.carelessScript(script, isExecutable: isExecutable) == [])
        }
    }

    @Test func carelessScript_inASample_isAnOffence() {
        let careful = SourceTree.File(path: "a", text: "#!/usr/bin/env bash\n# Does a.\nset -euo pipefail\n")
        #expect(Cleanliness.carelessScript(careful, isExecutable: true) == [])
        #expect(Cleanliness.carelessScript(careful, isExecutable: false).count == 1)
        #expect(Cleanliness.carelessScript(SourceTree.File(path: "a", text: "rm x\n"), isExecutable: true).count == 2)
    }

    @Test func untidyEnd_inASample_isAnOffence() {
        #expect(Cleanliness.untidyEnds(in: SourceTree.File(path: "a", text: "x \ny")).count == 2)
        #expect(Cleanliness.untidyEnds(in: SourceTree.File(path: "a", text: "x\ny\n")) == [])
        #expect(Cleanliness.untidyEnds(in: SourceTree.File(path: "a", text: "")) == [])
    }
}
