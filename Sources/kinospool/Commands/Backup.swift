import ArgumentParser
import Engine
import JobCore
import Spool

/// `kinospool backup`
struct Backup: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the live spool, while it works.",
        usage: "kinospool backup TARGET [--verify]",
        discussion: """
            TARGET is a folder, or host:folder for rsync. Only what is new is
            copied; what was deleted in the spool goes in the copy, too. Any copy
            can be restored, however it was cut short.
              kinospool backup /mnt/disk/studio
              kinospool backup nas:studio --verify
            """)

    @Argument(help: ArgumentHelp("Where the copy is.", valueName: "target"), completion: .directory)
    var target: String

    @Flag(help: "Read films on both sides again, and compare.")
    var verify = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let session = try global.session()
        let folder = try await session.spool()
        let report = try await SpoolBackup(folder: folder).run(to: CopyPath.text(target), isVerifying: verify)
        let differing = report.differing ?? []
        if session.console.isJSON {
            session.console.data([
                "v": 1, "files": .integer(Int64(report.files)), "verified": .bool(verify),
                "differing": .array(differing.map { .string($0) }),
            ])
        } else {
            let differ = verify ? ", \(differing.count) differ" : ""
            session.console.data("\(CountText.text(report.files, "file")) copied\(differ)")
            for path in differing.prefix(20) { session.console.note("differs: \(path)") }
        }
        return differing.isEmpty ? .done : .problemsFound
    }
}
