import JobCore
import Spool

/// Takes the local files that a job names along with it.
enum Attachments {
    /// How far a job's names reach: whoever wrote it may be a stranger.
    enum Reach: Sendable, Equatable {
        /// Any file that this user can read.
        case anywhere
        /// Files with plain names in these folders, and no links out of them; absolute. Other paths stay as they are
        /// written: whether a job may read them is decided where it runs.
        case beside([String])
    }

    /// Rewrites local paths to plain names, and says which files to copy.
    ///
    /// - Parameter folder: where relative paths begin; absolute.
    /// - Throws: `invalid_job` with a JSON pointer when a file is not there.
    static func take(
        from document: inout JobDocument, folder: String, reach: Reach = .anywhere
    ) throws(Failure) -> [Submission.Attachment] {
        guard let params = document[.params]?.object else { return [] }
        var attachments: [Submission.Attachment] = []
        var missing: [String] = []
        let renamed = try MediaFields.map(params) { (pointer, text) throws(Failure) in
            guard !text.isEmpty, !isRemote(text) else { return text }
            let path: String
            switch reach {
            case .anywhere: path = LocalPath.absolute(text, in: folder)
            case .beside(let folders):
                if text.hasPrefix("/") || text.hasPrefix("file:") { return text }
                guard let found = beside(text, folders) else {
                    missing.append("\(text.prefix(200)) (/params\(pointer))")
                    return text
                }
                path = found
            }
            // The spool copies no symbolic links, so the link's own target is named.
            guard let source = LocalPath.resolved(path), !LocalPath.isFolder(source) else {
                throw Failure(
                    .invalidJob, "/params\(pointer) names the file \"\(text.prefix(200))\", which is not there",
                    hint: "Name a file beside the job file, an absolute path, or a URL.")
            }
            if let known = attachments.first(where: { $0.source == source }) {
                return known.name
            }
            let name = name(for: LocalPath.name(path), taken: attachments.map(\.name))
            attachments.append(Submission.Attachment(name: name, source: source))
            return name
        }
        guard missing.isEmpty else {
            throw Failure(
                .invalidJob, "it needs files that do not lie beside it: \(missing.joined(separator: ", "))",
                hint: "Copy them into \(folder), then try again.")
        }
        document[.params] = .object(renamed)
        return attachments
    }

    /// The file of this plain name in the first folder that holds one.
    private static func beside(_ name: String, _ folders: [String]) -> String? {
        guard PlainName.isLegal(name) else { return nil }
        return folders.lazy.compactMap { LocalPath.resolved($0) }.map { "\($0)/\(name)" }.first { path in
            LocalPath.resolved(path) == path && !LocalPath.isFolder(path)
        }
    }

    /// `https://…`, `s3://…`, `data:…`: anything that begins like a URL.
    static func isRemote(_ text: String) -> Bool {
        if text.lowercased().hasPrefix("data:") { return true }
        guard let colon = text.firstRange(of: "://") else { return false }
        return text[..<colon.lowerBound].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    /// A plain name that no other attachment has, with the ending that tells what it is.
    static func name(for original: String, taken: [String]) -> String {
        let parts = original.split(separator: ".", omittingEmptySubsequences: false)
        let ending = parts.count > 1 ? Slug.text(of: parts[parts.count - 1], limit: 10) : ""
        let stem = Slug.text(of: parts.dropLast(parts.count > 1 ? 1 : 0).joined(separator: "."), limit: 80)
        let suffix = ending.isEmpty ? "" : ".\(ending)"
        let base = stem.isEmpty ? "file" : stem
        var name = base + suffix
        var number = 2
        while taken.contains(name) {
            name = "\(base)-\(number)\(suffix)"
            number += 1
        }
        return name
    }
}
