/// What happens on the disk while it is recorded: the life of a small spool, told by a shell script that writes a mark
/// when a promise was made.
enum BlockStory {
    /// `$1` the program, `$2` the mounted disk, `$3` the file for marks.
    static let script = #"""
        set -eu
        kinospool=$1; disk=$2; marks=$3
        export KINOSPOOL_MIN_FREE=0 KINOSPOOL_DURABILITY=full KINOSPOOL_SPOOL="$disk/spool"
        mark() { printf '%s' "$*" > "$marks"; }
        job() { printf '{"type":"NOOP","params":%s}' "$2" > "$disk/../$1.json"; }
        "$kinospool" init --quiet
        sync -f "$disk"
        mark begin
        job a '{"output_bytes":3000}'; job b '{}'; job c '{"fail":"config_error"}'; job d '{}'
        job e '{"output_bytes":70000}'
        for id in a b c d; do
            "$kinospool" submit --quiet "$disk/../$id.json"
            mark accepted $id
        done
        "$kinospool" cancel d
        mark canceled d
        # One job of this round fails, as it shall.
        "$kinospool" serve --once 2>/dev/null || [ $? -eq 4 ]
        for id in a b; do mark done $id; done
        "$kinospool" submit --quiet "$disk/../e.json"
        mark accepted e
        mark reopened b
        "$kinospool" retry b
        mark accepted b
        "$kinospool" serve --once 2>/dev/null
        for id in b e; do mark done $id; done
        mark reopened a
        "$kinospool" rm --force a
        mark deleted a
        sync -f "$disk"
        """#

    /// What was promised by some marks, and which ids may be nowhere again.
    static func promises(_ marks: [String]) -> (promises: SpoolAudit.Promises, deleted: Set<String>) {
        var (promises, deleted): (SpoolAudit.Promises, Set<String>) = (SpoolAudit.Promises(), [])
        for mark in marks {
            let words = mark.split(separator: " ").map(String.init)
            guard words.count == 2 else { continue }
            switch words[0] {
            case "accepted": promises.accepted.insert(words[1])
            case "canceled": promises.canceled.insert(words[1])
            case "done": promises.done.insert(words[1])
            case "reopened":
                // From here until the next mark the job is on its way to somewhere else.
                promises.accepted.remove(words[1])
                promises.done.remove(words[1])
            default: deleted.insert(words[1])
            }
        }
        return (promises, deleted)
    }
}
