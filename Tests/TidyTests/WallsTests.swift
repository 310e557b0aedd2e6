import Foundation
import Testing

@Suite("Walls")
struct WallsTests {
    @Test func everyProductFile_importsOnlyWhatItsRoomMay() {
        #expect(SourceTree.swiftFiles(under: "Sources/").flatMap { Walls.offences(in: $0) } == [])
    }

    @Test func everyTarget_dependsOnlyOnWhatItsRoomMay() async throws {
        let package = try await PackageDescription.describing(SourceTree.root)
        #expect(package.targets.contains { $0.name == "JobCore" })
        #expect(Walls.offences(in: package) == [])
    }

    @Test(arguments: [
        ("JobCore", "Glibc"), ("JobCore", "Foundation"), ("JobCore", "GRDB"), ("Spool", "Backends"),
        ("Spool", "Engine"),
        ("Backends", "Spool"), ("Backends", "Engine"), ("Backends", "GRDB"), ("Engine", "GRDB"), ("Engine", "CCurl"),
        ("Engine", "ArgumentParser"), ("Engine", "Web"), ("Engine", "Hummingbird"), ("Web", "Spool"),
        ("Web", "Backends"),
        ("kinospool", "Backends"), ("kinospool", "GRDB"), ("kinospool", "CCurl"), ("Cupboard", "JobCore"),
    ])
    func forbiddenImport_inASample_isAnOffence(target: String, module: String) {
        let file = SourceTree.File(path: "Sources/\(target)/A.swift", text: "import JobCore\npublic import \(module)\n")
        #expect(Walls.offences(in: file).isEmpty == false)
    }

    @Test func importedModules_areFoundInEveryForm() {
        let source = """
            import A
            public import B
            @preconcurrency import C
            @testable private import D
            import struct E.Thing
            #if canImport(X)
                import F.Sub; import G
            #endif
            // import H
            let text = "import I"
            """
        #expect(Walls.importedModules(source).map(\.module) == ["A", "B", "C", "D", "E", "F", "G"])
    }

    @Test func forbiddenEdge_inADescription_isAnOffence() throws {
        let json = """
            {"targets": [
              {"name": "Backends", "path": "Sources/Backends", "target_dependencies": ["JobCore", "Spool"]},
              {"name": "JobCore", "path": "Sources/JobCore", "product_dependencies": ["Logging"]},
              {"name": "Attic", "path": "Sources/Attic"},
              {"name": "BackendsTests", "path": "Tests/BackendsTests", "target_dependencies": ["Spool"]}]}
            """
        let package = try PackageDescription(json: Data(json.utf8))
        #expect(
            Walls.offences(in: package) == [
                "Backends may not depend on Spool", "JobCore may not depend on Logging",
                "Attic is in no row of the table",
            ])
    }
}
