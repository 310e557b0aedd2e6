import Foundation
import Testing

@testable import Backends

@Suite struct ProgramPathTests {
    @Test func program_isTheFirstThatCanBeRun() async throws {
        try await withScratch { scratch in
            let root = scratch.path
            for folder in ["a", "b", "c", "d", "a/tool"] {
                try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
            }
            for (name, mode) in [("b/tool", 0o644), ("c/tool", 0o755), ("d/tool", 0o755)] {
                try Data("#!/bin/sh\n".utf8).write(to: URL(filePath: "\(root)/\(name)"))
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(root)/\(name)")
            }
            // A folder of that name, a file that nobody may run, and a folder that is not there come first.
            let folders = ["a", "b", "missing", "c", "d"].map { "\(root)/\($0)" }.joined(separator: ":")
            #expect(ProgramPath.find("tool", in: folders) == "\(root)/c/tool")
            #expect(ProgramPath.find("other", in: folders) == nil)
        }
    }

    @Test(arguments: ["", ":", ".", "bin:./usr"])
    func foldersThatAreNotAbsolute_arePassedOver(folders: String) {
        #expect(ProgramPath.find("sh", in: folders) == nil)
    }
}
