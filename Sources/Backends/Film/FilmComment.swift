import JobCore

/// The `comment` tag of a film or sound: its recipe, else one sentence of the backend, else nothing.
///
/// ffmpeg reads it from a file in its working folder, as one more input: a recipe may be longer than an argument may
/// be. Of all tags only this one survives a plain `ffmpeg -c copy` in every common container.
struct FilmComment: Sendable, Equatable {
    /// File in the scratch folder; the backend removes it when the film is made.
    static let fileName = "recipe.ffmeta"

    /// Nil: the film gets no comment.
    let text: String?
    /// Why the recipe is not in it, for people; nil when it is, or when none was wanted.
    let warning: String?

    /// - Parameters:
    ///   - recipe: the job's, nil when it wants none.
    ///   - note: what the backend says of its films; it stands in the recipe, or alone.
    init(recipe: Recipe?, note: String? = nil) {
        guard var recipe else {
            (text, warning) = (note, nil)
            return
        }
        recipe.note = note
        let json = recipe.text
        guard json.utf8.count <= Recipe.maximumBytes else {
            text = note
            warning =
                "The film carries no recipe: it has \(json.utf8.count >> 10) KiB, the limit is "
                + "\(Recipe.maximumBytes >> 10) KiB."
            return
        }
        (text, warning) = (json, nil)
    }

    /// The bytes of the file.
    var bytes: [UInt8] { Array((text.map { FFMetadata.text(["comment": $0]) } ?? FFMetadata.text([:])).utf8) }

    /// The input that reads it.
    static func input(scratch: String) -> [String] {
        ["-protocol_whitelist", "file", "-f", "ffmetadata", "-i", "file:\(scratch)/\(fileName)"]
    }

    /// Takes the tags from that input, and none from the others.
    ///
    /// - Parameter index: the number of the input, from 0.
    static func output(index: Int) -> [String] { ["-map_metadata", "\(index)", "-map_chapters", "-1"] }
}
