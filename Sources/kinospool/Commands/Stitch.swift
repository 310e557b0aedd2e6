import ArgumentParser
import JobCore
import Spool

/// `kinospool stitch`
struct Stitch: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "stitch",
        abstract: "Join clips into one film, wait for the file.",
        usage: "kinospool stitch CLIP[:START-END]… [-o FILE] [options]",
        discussion: """
              kinospool stitch a.mp4 b.mp4:1.5-4 job:shot3 -o film.mp4
              kinospool stitch *.mp4 --crossfade 0.5 --music song.mp3 -o film.mp4
              kinospool stitch a.mp4 b.mp4 --caption "0-2 Once" --caption "3-5 The end"

            A clip is a file, a URL or job:ID; behind it, the seconds to take of it.
            Editing a film and stitching again makes only the changed parts anew.
            Ctrl-C stops waiting, not the job; twice within 2 s cancels it.
            """)

    @Argument(help: ArgumentHelp("What to join, in order.", valueName: "clip"), completion: .file())
    var clips: [String]

    @OptionGroup var film: StitchOptions
    @OptionGroup var target: TargetOptions

    @Flag(help: "Queue it, print the id, and do not wait.")
    var noWait = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        try await Making(global: global, target: target, isQueuedOnly: noWait).run(count: 1) { folder in
            let selector = JobSelector(folder: folder)
            var values: [JSONValue] = []
            for clip in clips.map(ClipText.init) {
                values.append(clip.value(job: try await job(clip, selector)))
            }
            return [film.draft(clips: values)]
        }
    }

    /// The job that a clip names. One that is not there yet may still come: it is taken at its word.
    private func job(_ clip: ClipText, _ selector: JobSelector) async throws -> JobID? {
        guard let name = clip.job else { return nil }
        do {
            return try await selector.job(name)
        } catch let problem as CommandError where problem.exit == .noSuchJob {
            guard let id = JobID(name) else { throw problem }
            return id
        }
    }
}
