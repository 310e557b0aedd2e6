import Engine
import JobCore
import Spool

/// The recipe of a film that was named on the command line, and the job that makes it again.
struct FilmRecipe: Sendable {
    /// As typed.
    let film: String
    let recipe: Recipe

    /// - Throws: `RecipeProblem`, and `config_error` when ffprobe is not installed.
    static func read(_ film: String) async throws -> FilmRecipe {
        do {
            return FilmRecipe(film: film, recipe: try await RecipeReader().recipe(of: LocalPath.absolute(film)))
        } catch let problem as RecipeProblem {
            throw RecipeProblem(film, problem.reason)
        }
    }

    /// The job, named after the film. A stranger's film names no other files than those beside it.
    var draft: JobDraft {
        let path = LocalPath.absolute(film)
        let target = LocalPath.resolved(path) ?? path
        let folders = [LocalPath.folder(path), LocalPath.folder(target), SpoolLayout.inputs(besideArtifact: target)]
        let stem = LocalPath.name(path).split(separator: ".", omittingEmptySubsequences: false).dropLast()
        return JobDraft(
            source: film, folder: LocalPath.folder(path), document: recipe.document,
            naming: .preferably(stem.joined(separator: ".")), reach: .beside(folders.compactMap { $0 }))
    }

    /// What is not as it was, for people; nil when all is.
    var caution: String? {
        let masked = recipe.maskedPointers
        guard !masked.isEmpty else { return nil }
        return "\(film): secrets are masked in its recipe, at \(masked.joined(separator: ", "))."
    }
}
