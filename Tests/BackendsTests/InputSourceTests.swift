import Foundation
import JobCore
import Testing

@testable import Backends

@Suite("Where inputs come from", .timeLimit(.minutes(10)))
struct InputSourceTests {
    @Test(arguments: [
        ("cat.png", InputSource.attachment("cat.png")), ("my cat.png", .attachment("my cat.png")),
        ("/a/b.png", .path("/a/b.png")), ("file:///a%20b.png", .path("/a b.png")), ("file:/a", .path("/a")),
        ("file://localhost/a", .path("/a")), ("FILE:///a", .path("/a")),
        ("https://x/a.png", .remote("https://x/a.png")),
        ("HTTP://x", .remote("HTTP://x")), ("s3://b/k", .remote("s3://b/k")),
    ])
    func source_isToldByItsText(text: String, source: InputSource) throws {
        #expect(try InputSource(text, pointer: "/params/image") == source)
    }

    @Test(arguments: [
        "../etc/passwd", "a/b.png", ".hidden", "-i", "", "data:image/png;base64,AA", "concat:a|b", "ftp://x/y",
        "file://host/a", "file:a", "file:///a%00b", "file:///a%2", "a\\b", "file:///%ff",
    ])
    func source_ofAnythingElse_isInvalid(text: String) async {
        let failure = await failure { _ = try InputSource(text, pointer: "/params/image") }
        #expect(failure?.code == .invalidJob && failure?.message.hasPrefix("/params/image") == true)
    }

    private func locate(_ text: String, _ scratch: Scratch, roots: [String] = []) throws -> String {
        let source = try InputSource(text, pointer: "/params/image")
        return try source.locate(inputs: scratch.inputs, mediaRoots: roots, pointer: "/params/image")
    }

    @Test func locate_ofAnAttachment_isItsPath() async throws {
        try await withScratch { scratch in
            try Data("x".utf8).write(to: URL(filePath: scratch.inputs + "/a.png"))
            #expect(try locate("a.png", scratch) == scratch.inputs + "/a.png")
            let missing = await failure { _ = try locate("b.png", scratch) }
            #expect(missing?.code == .invalidJob && missing?.message.contains("/params/image") == true)
        }
    }

    @Test func locate_ofALinkOutOfItsFolder_isRefused() async throws {
        try await withScratch { scratch in
            let files = FileManager.default
            try files.createSymbolicLink(atPath: scratch.inputs + "/a.png", withDestinationPath: "/etc/passwd")
            #expect(await failure { _ = try locate("a.png", scratch) }?.code == .invalidJob)
            let root = try scratch.another("media")
            try files.createSymbolicLink(atPath: root + "/a.png", withDestinationPath: "/etc/passwd")
            #expect(await failure { _ = try locate(root + "/a.png", scratch, roots: [root]) }?.code == .configError)
        }
    }

    @Test func locate_ofAPath_isAllowedInsideTheRootsOnly() async throws {
        try await withScratch { scratch in
            let root = try scratch.another("media")
            let twin = try scratch.another("media-twin")
            for folder in [root, twin] { try Data("x".utf8).write(to: URL(filePath: folder + "/a.png")) }
            #expect(try locate("file://\(root)/a.png", scratch, roots: [root + "/"]) == root + "/a.png")
            for path in [
                twin + "/a.png", root + "/../media-twin/a.png", root + "/../nothing", "/etc/passwd", "/nothing",
            ] {
                #expect(await failure { _ = try locate(path, scratch, roots: [root]) }?.code == .configError, "\(path)")
            }
            #expect(await failure { _ = try locate(root + "/none.png", scratch, roots: [root]) }?.code == .invalidJob)
        }
    }

    @Test func locate_outsideTheRoots_saysTheSameWhetherOrNotTheFileExists() async throws {
        try await withScratch { scratch in
            let there = await failure { _ = try locate("/etc/passwd", scratch) }
            let notThere = await failure { _ = try locate("/etc/nobody", scratch) }
            let words = there?.message.replacing("/etc/passwd", with: "X")
            #expect(words != nil && words == notThere?.message.replacing("/etc/nobody", with: "X"))
        }
    }
}
