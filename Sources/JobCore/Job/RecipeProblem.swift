/// Why no recipe could be read from a file.
public struct RecipeProblem: Error, Sendable, Equatable {
    /// What is wrong.
    public enum Reason: Sendable, Equatable {
        case noSuchFile
        /// A folder, a pipe, a device.
        case notAFile
        /// ffprobe does not know it, in its own words.
        case notAFilm(String)
        /// ffprobe did not come to an end.
        case tookTooLong
        case unreadable(Recipe.Unreadable)
    }

    /// The file as the caller named it.
    public let path: String
    public let reason: Reason

    public init(_ path: String, _ reason: Reason) { (self.path, self.reason) = (path, reason) }

    /// The code that scripts match on.
    public var code: String {
        switch reason {
        case .noSuchFile: "no_such_file"
        case .notAFile, .notAFilm, .tookTooLong: "not_a_film"
        case .unreadable(.noRecipe): "no_recipe"
        case .unreadable: "recipe_unreadable"
        }
    }

    /// What failed, on what, why.
    public var message: String {
        switch reason {
        case .noSuchFile: "There is no file \(path)."
        case .notAFile: "\(path) is no regular file."
        case .notAFilm(let words): words.isEmpty ? "\(path) is no film." : "\(path) is no film: \(words)"
        case .tookTooLong: "\(path) could not be read as a film in time."
        case .unreadable(.noRecipe): "\(path) holds no recipe."
        case .unreadable(.newer(let version)):
            "The recipe in \(path) is of a newer Kinospool (form \(version); this one reads \(Recipe.formVersion))."
        case .unreadable(.tooLarge): "The recipe in \(path) has more than \(Recipe.maximumBytes >> 10) KiB."
        case .unreadable(.damaged(let words)): "The recipe in \(path) is damaged: \(words)."
        }
    }

    /// What mends it.
    public var hint: String {
        switch reason {
        case .noSuchFile: "Check the path."
        case .notAFile, .notAFilm, .tookTooLong: "Name a film or a sound that Kinospool made."
        case .unreadable(.noRecipe):
            "Only films of Kinospool have one, unless the job said \"embed_recipe\": false or a program removed it."
        case .unreadable(.newer): "Update Kinospool."
        case .unreadable(.tooLarge), .unreadable(.damaged): "Use the film as Kinospool made it, or the job file."
        }
    }
}
