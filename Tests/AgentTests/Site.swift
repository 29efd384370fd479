import Agent
import Glibc
import Platform
import Wire

/// A directory of one test, with the configuration of an agent in it; gone when the test is over.
final class Site {
    let root: String
    let server = StandInServer()
    private var daemon: Int32?

    init() {
        var template = Array("/tmp/vendlock-XXXXXX".utf8CString)
        root = String(cString: mkdtemp(&template)!)
        write(
            config,
            "{\"server\": \"\(server.url)\", \"imei\": \"490154203237518\", \"channel\": \"KazTimpaPro\", \"state_dir\": \"\(state)\", \"gate_socket\": \"\(socket)\"}"
        )
    }

    deinit {
        if let daemon {
            kill(daemon, SIGKILL)
            waitpid(daemon, nil, 0)
        }
        server.stop()
        umount2(state, Int32(MNT_DETACH))
        _ = Program.run("/bin/rm", ["-rf", root])
    }

    var config: String { root + "/agent.json" }
    var state: String { root + "/state" }
    var socket: String { root + "/gate.sock" }
    var log: String { root + "/log" }

    func write(_ path: String, _ text: String) {
        try! AtomicFile.write(Array(text.utf8), to: path, mode: 0o644)
    }

    @discardableResult
    func enrol(code: String = "CODE-1") -> Program.Result {
        Program.agent(["enrol", "--server", server.url, "--imei", "490154203237518", "--channel", "KazTimpaPro", "--code", code, "--config", config])
    }

    /// Starts the daemon and waits for its gate.
    func start() {
        daemon = Program.start(Program.agentPath, ["run", "--config", config], output: log)
        precondition(eventually { check("balance_enquiry").status == 0 }, "the gate did not open: \(logText)")
    }

    /// Ends the daemon; the status it ended with.
    @discardableResult
    func end(_ signal: Int32) -> Int32 {
        guard let process = daemon else { return -1 }
        daemon = nil
        kill(process, signal)
        return Program.wait(process)
    }

    func signal(_ number: Int32) { if let daemon { kill(daemon, number) } }

    func check(_ operation: String = "airtime_vend", _ more: [String] = []) -> Program.Result {
        Program.agent(["check", operation, "--config", config] + more)
    }

    var gateState: GateState? {
        let result = Program.agent(["status", "--json", "--config", config])
        return try? JSON.decode(GateState.self, from: Array(result.output.utf8))
    }

    var isPermitted: Bool { check().status == 0 }
    var reason: String? { gateState?.reasons.first }
    var logText: String { (try? File.read(log, limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) } ?? "" }
}

/// Processes, and the agent's binary beside the tests.
enum Program {
    struct Result {
        let status: Int32
        let output: String
        let errors: String

        /// With what it said, when a test expects it and it is not so.
        var succeeded: Bool {
            if status != 0 { print("ended with \(status): \(errors)") }
            return status == 0
        }
    }

    static let agentPath: String = {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { readlink("/proc/self/exe", $0.baseAddress!, $0.count) }
        let own = String(decoding: buffer[..<max(0, count)], as: UTF8.self)
        let near = [own, CommandLine.arguments[0]] + CommandLine.arguments.filter { $0.hasSuffix(".xctest") }
        for path in near {
            guard let slash = path.lastIndex(of: "/") else { continue }
            let candidate = path[..<slash] + "/vendlock-agent"
            if access(String(candidate), X_OK) == 0 { return String(candidate) }
        }
        preconditionFailure("vendlock-agent is not beside \(near)")
    }()

    static func agent(_ arguments: [String]) -> Result { run(agentPath, arguments) }

    static func run(_ path: String, _ arguments: [String]) -> Result {
        var template = Array("/tmp/vendlock-out-XXXXXX".utf8CString)
        let output = String(cString: mkdtemp(&template)!)
        defer {
            unlink(output + "/out")
            unlink(output + "/err")
            rmdir(output)
        }
        let process = start(path, arguments, output: output + "/out", errors: output + "/err")
        let status = wait(process)
        func text(_ name: String) -> String { (try? File.read(output + name, limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) } ?? "" }
        return Result(status: status, output: text("/out"), errors: text("/err"))
    }

    static func start(_ path: String, _ arguments: [String], output: String, errors: String? = nil) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        if let errors {
            posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }
        defer { posix_spawn_file_actions_destroy(&actions) }
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, path, &actions, nil, &words, environ)
        precondition(code == 0, "\(path) cannot be started: \(code)")
        return process
    }

    static func wait(_ process: Int32) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
    }
}
