import Foundation
import Testing

@testable import Web

/// The files of the panel inside the program.
@Suite struct PanelFileTests {
    private static let folder: URL = {
        var url = URL(filePath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.appending(path: "Sources/Web/Panel")
    }()

    /// Only shapes for the type checker.
    private static let unloaded: Set = ["types.js"]

    @Test func everyFileOfThePanel_isInTheProgram_asItIs() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(names).subtracting(Self.unloaded) == Set(PanelFile.all.keys))
        for file in PanelFile.all.values {
            #expect(try Data(contentsOf: Self.folder.appending(path: file.name)) == Data(file.bytes), "\(file.name)")
        }
    }

    @Test func everyFileThatAModuleImports_isThere() throws {
        for file in PanelFile.all.values where file.name.hasSuffix(".js") {
            let text = String(decoding: file.bytes, as: UTF8.self)
            let lines = text.split(separator: "\n").filter { !$0.hasPrefix("/**") }.joined(separator: "\n")
            for match in lines.matches(of: /(?:from|import) "\.\/([\w.-]+)"/) {
                #expect(PanelFile.all[String(match.output.1)] != nil, "\(file.name) imports \(match.output.1)")
            }
        }
    }

    /// What a phone on a slow network loads.
    @Test func allFilesTogether_staySmall() {
        let size = PanelFile.all.values.reduce(0) { $0 + $1.bytes.count }
        #expect(size < 400_000)
        for file in PanelFile.all.values {
            let lines = file.bytes.count { $0 == UInt8(ascii: "\n") }
            #expect(lines <= 400, "\(file.name) has \(lines) lines")
        }
    }

    @Test func noFile_namesAnotherServer_orMakesMarkupOfText() {
        for file in PanelFile.all.values {
            let text = String(decoding: file.bytes, as: UTF8.self)
            let addresses = text.matches(of: /https?:\/\/[\w.-]+/).map { String($0.output) }
            #expect(Set(addresses).subtracting(["http://www.w3.org"]) == [], "\(file.name)")
            for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"] {
                #expect(!text.contains(word), "\(file.name): \(word)")
            }
            #expect(!file.name.hasSuffix(".html") || !text.contains(/\s(style|on\w+)=/), "\(file.name)")
        }
    }

    @Test func mediaTypes_areThoseABrowserRuns() {
        #expect(PanelFile.all["main.js"]?.mediaType == "text/javascript; charset=utf-8")
        #expect(PanelFile.all["panel.css"]?.mediaType == "text/css; charset=utf-8")
        #expect(PanelFile.page.mediaType == "text/html; charset=utf-8")
        #expect(PanelFile.all["icon.svg"]?.mediaType == "image/svg+xml")
    }
}
