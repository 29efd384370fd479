import Foundation
import Glibc
import Synchronization

/// One process that a test starts, its output in files.
package final class ChildProcess: Sendable {
    /// How a process ended.
    package enum End: Equatable, Sendable {
        case exit(Int32)
        case signal(Int32)
    }

    package let pid: Int32
    private let directory: TemporaryDirectory
    private let ended = Mutex<End?>(nil)

    /// Those still running are ended with the test process, however a test left them.
    private static let running = Mutex<Set<pid_t>>([])
    private static let endThemAtExit: Void = {
        atexit {
            ChildProcess.running.withLock { running in
                for process in running { kill(process, SIGKILL) }
            }
        }
    }()

    /// - Parameter environment: all of it; nothing is inherited but `PATH`.
    package init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        _ = Self.endThemAtExit
        directory = try TemporaryDirectory()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, directory.file("out"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, directory.file("err"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        // As a shell would start it: no signal blocked, whatever the test runner's threads block.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let variables = environment.merging(["PATH": path]) { given, _ in given }.map { "\($0)=\($1)" }
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var pairs: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { for text in words + pairs { free(text) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, program, &actions, &attributes, &words, &pairs)
        guard code == 0 else { throw Failure("\(program) cannot be started: errno \(code)") }
        self.pid = pid
        Self.running.withLock { _ = $0.insert(pid) }
    }

    deinit {
        if !hasEnded {
            signal(SIGKILL)
            _ = try? wait()
        }
    }

    package var output: String { read("out") }
    package var errors: String { read("err") }
    package var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

    private func read(_ name: String) -> String {
        FileManager.default.contents(atPath: directory.file(name)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    package func signal(_ number: Int32) {
        // Not once it has been waited for: the number may then be another process's.
        ended.withLock { if $0 == nil { kill(pid, number) } }
    }

    package var hasEnded: Bool {
        ended.withLock { ended in
            if ended != nil { return true }
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { return false }
            ended = status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
            Self.running.withLock { _ = $0.remove(pid) }
            return true
        }
    }

    @discardableResult
    package func wait(within limit: Duration = .seconds(30)) throws -> End {
        try eventually("the end of process \(pid)", within: limit) { hasEnded ? ended.withLock { $0 } : nil }
    }
}
