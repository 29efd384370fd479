private import Glibc

/// A program run by a test.
struct Command {
    private let process: Int32
    private let output: Int32

    static func run(_ arguments: String...) throws -> (status: Int32, output: String) { try Command(arguments).wait() }

    static func start(_ arguments: String...) throws -> Command { try Command(arguments) }

    private init(_ arguments: [String]) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw RawClientError(operation: "pipe", native: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var vector = arguments.map { strdup($0) } + [nil]
        defer { for text in vector { free(text) } }
        var process = pid_t()
        let result = posix_spawnp(&process, arguments[0], &actions, nil, &vector, environ)
        close(ends[1])
        guard result == 0 else { throw RawClientError(operation: "posix_spawnp \(arguments[0])", native: result) }
        self.process = process
        output = ends[0]
    }

    func terminate() { kill(process, SIGKILL) }

    func wait() throws -> (status: Int32, output: String) {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(output, &buffer, buffer.count)
            guard count > 0 else { break }
            text += buffer[..<count]
        }
        close(output)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        return (status, String(decoding: text, as: UTF8.self))
    }
}
