import Foundation

/// Programs in the place of ffmpeg and its like, which write down how they and their callers are called, and then are
/// the real ones; where a test wants it, one of them kills its caller.
struct ProgramShims: Sendable {
    /// Kills whoever starts a helper, once.
    struct Death: Sendable {
        /// The helper's name.
        let program: String
        /// A piece of its command line.
        let words: String
        /// Whether the helper does its work first.
        let isAfter: Bool
    }

    static let programs = ["ffmpeg", "ffprobe", "espeak-ng"]

    /// Absolute path of the folder that they lie in.
    let folder: String
    /// Absolute path of the file for command lines.
    let log: String

    private var mark: String { "\(folder)/death" }

    /// Puts them there. One that is not installed is left out.
    func install(death: Death? = nil) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if death != nil { try Data().write(to: URL(filePath: mark)) }
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        for program in Self.programs {
            let candidates = path.map { "\($0)/\(program)" }
            guard let real = candidates.first(where: FileManager.default.isExecutableFile) else { continue }
            let shim = "\(folder)/\(program)"
            try Data(script(program, real, death?.program == program ? death : nil).utf8)
                .write(to: URL(filePath: shim))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: shim)
        }
    }

    /// Whether the death has come.
    var isOver: Bool { !FileManager.default.fileExists(atPath: mark) }

    /// For the environment of the program that shall find them.
    var path: String { "\(folder):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")" }

    private func script(_ program: String, _ real: String, _ death: Death?) -> String {
        var lines = [
            "#!/bin/sh",
            "{ printf '%s\\n' \"\(program) $*\"; tr '\\0' ' ' < /proc/$PPID/cmdline; echo; } >> '\(log)'",
        ]
        if let death {
            lines += [
                "case \"$*\" in *'\(death.words)'*)", "  if rm '\(mark)' 2>/dev/null; then",
                death.isAfter ? "    '\(real)' \"$@\"" : "    :", "    kill -9 $PPID", "    exit 1", "  fi",
                "esac",
            ]
        }
        return (lines + ["exec '\(real)' \"$@\""]).joined(separator: "\n") + "\n"
    }
}
