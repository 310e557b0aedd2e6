/// One program to run, as an argument vector: no shell ever reads it.
public struct ProcessCommand: Sendable, Equatable, CustomStringConvertible {
    /// A name to look for in `PATH`, or an absolute path.
    public let program: String
    /// The arguments after the program's own name.
    public let arguments: [String]
    /// Absolute path of the folder to run in.
    public let workingDirectory: String
    /// Lines of standard error with this in them say nothing: they are dropped. Nil drops none.
    public let noise: String?

    public init(_ program: String, _ arguments: [String], in workingDirectory: String, noise: String? = nil) {
        (self.program, self.arguments, self.workingDirectory) = (program, arguments, workingDirectory)
        self.noise = noise
    }

    /// The program's name without its folder, for messages.
    public var name: String { program.split(separator: "/").last.map(String.init) ?? program }

    /// One argument a line, the form of golden files.
    public var description: String { ([program] + arguments).joined(separator: "\n") + "\n" }
}
