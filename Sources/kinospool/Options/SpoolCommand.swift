import ArgumentParser
import Glibc

/// A command that ends with one of our exit codes and tells its errors in one way.
protocol SpoolCommand: AsyncParsableCommand {
    var global: GlobalOptions { get }
    /// Does the work. - Throws: whatever `CommandError` can wrap.
    func perform() async throws -> Exit
}

extension SpoolCommand {
    func run() async throws {
        let exit: Exit
        do {
            exit = try await perform()
        } catch {
            let problem = CommandError(wrapping: error)
            global.console.report(problem)
            throw ExitCode(problem.exit.rawValue)
        }
        if exit != .done { throw ExitCode(exit.rawValue) }
    }
}
