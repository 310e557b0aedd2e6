// swift-tools-version: 6.2
// The house in one place: which room exists, and what it may lean on (design: ARCHITECTURE.md).
// SwiftPM does not enforce transitive edges; Tests/TidyTests does.
import PackageDescription

/// Every target is built alike: Swift 6 mode, and a warning is an error.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// The files of the panel, which is inside the program.
let panelFiles = [
    "actions.js", "api.js", "compare.js", "composer.js", "describe.js", "dialogs.js", "down.svg", "el.js",
    "estimate.js", "failures.js", "feed.js", "format.js", "header.js", "hover.js", "hub.js", "icon.svg", "icons.js",
    "index.html", "intake.js", "job-card.js", "job-list.js", "keep.js", "keys.js", "live-worker.js", "live.js",
    "main.js", "menu.js", "panel.css", "player.js", "query.js", "reducer.js", "rows.js", "storage.js", "store.js",
    "stream.js", "take-card.js", "timeline-model.js", "timeline-tracks.js", "timeline.js", "toast.js", "trash.js",
]

let package = Package(
    name: "kinospool",
    products: [.executable(name: "kinospool", targets: ["kinospool"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // Without its traits: what they bring (swift-configuration, all of Foundation) is not used.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // The hearth: values and decisions, no IO, no package.
        .target(name: "JobCore", swiftSettings: strict),
        // What Glibc's module does not show: renameat2, utimensat constants, statfs magic, clocks.
        .target(name: "CLinux"),
        // The system's libcurl without variadic functions, loaded when it is first used.
        .target(name: "CCurl"),
        // Files, watching, heartbeats, locks, and the derived index.
        .target(
            name: "Spool",
            dependencies: [
                "JobCore", "CLinux",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        // What makes films. It cannot see Spool: it returns values and writes only into its scratch folder.
        .target(
            name: "Backends",
            dependencies: [
                "JobCore", "CLinux", "CCurl",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            resources: [
                "raw", "runpod-public-wan", "wan-generate_video", "wan-nikserg", "worker-comfyui", "cogvideox",
                "infinitetalk", "chatterbox",
            ].map { .embedInCode("Profiles/\($0).json") },
            swiftSettings: strict),
        // The daemon's offices.
        .target(
            name: "Engine",
            dependencies: [
                "JobCore", "Spool", "Backends",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        // The HTTP API. It cannot see Spool: all that comes from the network passes the Engine's one door.
        .target(
            name: "Web",
            dependencies: [
                "JobCore", "Engine",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            // What nobody loads: the shapes that the panel's modules pass to each other, for `deno check`.
            exclude: ["Panel/types.js"],
            resources: ["openapi.json", "client.js", "client.d.ts", "client.ts"].map {
                .embedInCode("Documents/\($0)")
            } + panelFiles.map { .embedInCode("Panel/\($0)") },
            swiftSettings: strict),
        .executableTarget(
            name: "kinospool",
            dependencies: [
                "JobCore", "Spool", "Engine", "Web",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict,
            // 90,000 addresses need not be relocated at each start: a third of what a command takes
            // (Documentation/decisions/0010-a-fixed-address.md).
            linkerSettings: [.unsafeFlags(["-Xclang-linker", "-no-pie"], .when(configuration: .release))]),
        // Small honest fakes that several test targets share.
        .target(
            name: "TestSupport", dependencies: ["JobCore", "Spool", "Backends"], path: "Tests/Support",
            swiftSettings: strict),
        .testTarget(
            name: "JobCoreTests", dependencies: ["JobCore", "TestSupport"], exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "SpoolTests",
            dependencies: ["Spool", "JobCore", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .testTarget(
            name: "BackendsTests", dependencies: ["Backends", "JobCore", "TestSupport"], exclude: ["Golden"],
            swiftSettings: strict),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "Engine", "Spool", "Backends", "JobCore", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "WebTests", dependencies: ["Web", "Engine", "JobCore"],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests", dependencies: ["kinospool", "JobCore", "Spool", "TestSupport"],
            exclude: [
                "Golden", "Torture/Disk/logdisk.c", "HTTP/openai_peer.py", "HTTP/load_peer.py", "HTTP/webhook_peer.py",
                "HTTP/client_peer.ts",
                "HTTP/rebinding_peer.py",
            ],
            swiftSettings: strict),
        .testTarget(name: "TidyTests", dependencies: ["JobCore"], swiftSettings: strict),
    ]
)
