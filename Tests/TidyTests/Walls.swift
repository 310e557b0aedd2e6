import Foundation

/// Which room may lean on which: the table of ARCHITECTURE.md, as a test can hold it against the code.
///
/// SwiftPM lets a target import whatever its dependencies import. Two walls carry safeguards: `Backends` cannot see
/// `Spool`, so nothing that makes films can publish one; nothing from outside reaches `Spool` but through `Engine`.
enum Walls {
    /// Modules of the toolchain that any room but the hearth may use.
    private static let system: Set<String> = [
        "Swift", "Foundation", "FoundationEssentials", "Glibc", "Dispatch", "Synchronization",
    ]

    /// The HTTP server and what it stands on.
    private static let server: Set<String> = [
        "HummingbirdCore", "HTTPTypes", "NIOCore", "NIOHTTP1", "NIOHTTPTypes", "NIOPosix",
    ]

    /// What the files of a target may import. `GRDBSQLite` is the system's SQLite as GRDB carries it.
    static let imports: [String: Set<String>] = [
        "JobCore": ["Swift", "FoundationEssentials", "Synchronization"],
        "Spool": system.union(["JobCore", "CLinux", "GRDB", "GRDBSQLite", "SystemPackage", "Logging"]),
        "Backends": system.union(["JobCore", "CLinux", "CCurl", "Subprocess", "SystemPackage", "Logging"]),
        "Engine": system.union(["JobCore", "Spool", "Backends", "Logging", "ServiceLifecycle", "UnixSignals"]),
        "Web": system.union(["JobCore", "Engine", "Logging"]).union(server),
        "kinospool": system.union(["JobCore", "Spool", "Engine", "Web", "ArgumentParser", "Logging"]),
    ]

    /// What a target may name as a dependency in `Package.swift`: targets and products.
    static let dependencies: [String: Set<String>] = [
        "CLinux": [], "CCurl": [], "JobCore": [],
        "Spool": ["JobCore", "CLinux", "GRDB", "SystemPackage", "Logging"],
        "Backends": ["JobCore", "CLinux", "CCurl", "Subprocess", "SystemPackage", "Logging"],
        "Engine": ["JobCore", "Spool", "Backends", "Logging", "ServiceLifecycle", "UnixSignals"],
        "Web": server.union(["JobCore", "Engine", "Logging"]),
        "kinospool": ["JobCore", "Spool", "Engine", "Web", "ArgumentParser", "Logging"],
    ]

    /// Imports in a product file that its room's row does not allow.
    static func offences(in file: SourceTree.File) -> [String] {
        guard file.path.hasPrefix("Sources/"), let target = file.target else { return [] }
        guard let allowed = imports[target] else {
            return ["\(file.path): the target \(target) is in no row of the table"]
        }
        return importedModules(file.text).compactMap { line, module in
            allowed.contains(module) ? nil : "\(file.path):\(line): \(target) may not import \(module)"
        }
    }

    /// The modules a source file imports, with the line of each.
    static func importedModules(_ source: String) -> [(line: Int, module: String)] {
        let pattern =
            #/
            ^\s* (?:@\w+ (?:\([^)]*\))? \s+)* (?:(?:public|package|internal|fileprivate|private) \s+)?
            import \s+ (?:(?:struct|class|enum|protocol|func|var|let|typealias|actor) \s+)? (\w+)
            /#
        return SwiftText(source).codeLines.enumerated().flatMap { index, line in
            line.split(separator: ";").compactMap { statement in
                statement.firstMatch(of: pattern).map { (index + 1, String($0.output.1)) }
            }
        }
    }

    /// Edges of a package description that the table does not allow; targets for tests are free.
    static func offences(in package: PackageDescription) -> [String] {
        package.targets.filter { $0.path.hasPrefix("Sources/") }.flatMap { target -> [String] in
            guard let allowed = dependencies[target.name] else { return ["\(target.name) is in no row of the table"] }
            let named = (target.targetDependencies ?? []) + (target.productDependencies ?? [])
            return named.filter { !allowed.contains($0) }.map { "\(target.name) may not depend on \($0)" }
        }
    }
}
