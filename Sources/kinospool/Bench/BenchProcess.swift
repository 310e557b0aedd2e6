import Foundation
import Glibc

/// A program that was started for measuring.
struct BenchProcess: Sendable {
    let pid: pid_t
    /// Where its stderr goes.
    private let log: String

    /// Starts a program by posix_spawn(3); its stdout goes nowhere.
    init(
        _ path: String, _ arguments: [String], environment: [String], log: String = "/dev/null"
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        for (stream, target) in [(STDOUT_FILENO, "/dev/null"), (STDERR_FILENO, log)] {
            posix_spawn_file_actions_addopen(&actions, stream, target, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup($0) } + [nil]
        defer { for text in words + variables { free(text) } }
        var pid: pid_t = 0
        let result = posix_spawn(&pid, path, &actions, nil, words, variables)
        guard result == 0 else {
            errno = result
            throw BenchProblem.call("posix_spawn", path)
        }
        (self.pid, self.log) = (pid, log)
    }

    /// The end of what it told on stderr.
    var messages: String { String(((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").suffix(2000)) }

    /// Waits for its end. - Returns: the exit code, or 128 + the signal.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 { guard errno == EINTR else { return -1 } }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// Whether it is over; it stays to be waited for.
    var isOver: Bool {
        var facts = siginfo_t()
        let result = waitid(P_PID, id_t(pid), &facts, WEXITED | WNOHANG | WNOWAIT)
        return result == 0 && facts.si_signo == SIGCHLD
    }
}
