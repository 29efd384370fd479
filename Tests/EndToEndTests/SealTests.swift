import Foundation
import Glibc
import TestSupport
import Testing
import Wire

/// The agent's memory, and who may ask its gate, seen from other users of the machine.
@Suite(.enabled(if: geteuid() == 0, "other users need root")) struct SealTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        // For users that are not root.
        chmod(directory.path, 0o711)
    }

    @Test func theSameUserReadsNoMemoryAndNoCoreIsLeft() throws {
        // The build may lie where that user cannot go.
        let agent = directory.file("vendlock-agent")
        // By a process of its own: a descriptor that another test\'s process inherits would make the file busy.
        #expect(try Programs.run("cp", [Programs.agent, agent]).status == 0)
        let home = directory.file("home")
        mkdir(home, 0o700)
        chown(home, 65534, 65534)
        let config = try directory.write(
            """
            { "server": "http://127.0.0.1:1", "imei": "490154203237518", "channel": "KazTimpaPro",
              "state_dir": "\(home)/state", "gate_socket": "\(home)/gate.sock" }
            """, to: "agent.json")
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "sealed.py").path
        let result = try Programs.run("python3", [script, agent, config, home + "/gate.sock", home])
        #expect(result.status == 0, "\(result.errors)")
        // The first line shows that the user may read what is not closed.
        #expect(result.output.contains("memory of another process: open"), "\(result.output)")
        #expect(result.output.contains("memory of the agent: closed"), "\(result.output)")
        #expect(result.output.contains("core of the agent: none"), "\(result.output)")
    }

    /// As root, for whom nothing is closed: the key is where libcrypto locks it in, and nothing that it was read from is left.
    @Test func theKeyLiesInLockedPagesAndNowhereElse() throws {
        let server = try ServerProcess()
        let account = Names.reference()
        try server.api.addAccount(account)
        let agent = try AgentProcess.running(server.api, account: account)
        try agent.waitUntilItPermits()
        let file = try JSONValue(Array(Data(contentsOf: URL(fileURLWithPath: agent.stateDirectory + "/key.json"))))
        let text = try #require(file["d"].string)
        let seed = try #require(Base64URL.decode(text))
        let search = try MemorySearch(of: #require(agent.process?.pid))
        defer { search.end() }
        // What is certainly there is found: the search can find.
        #expect(!search.places(of: Array(agent.imei.utf8)).isEmpty)
        let places = search.places(of: seed)
        #expect(!places.isEmpty && places.allSatisfy(\.isLocked), "\(places)")
        for part in [seed.prefix(16), seed.suffix(16)] {
            let open = search.places(of: Array(part)).filter { !$0.isLocked }
            #expect(open.isEmpty, "half of it: \(open)")
        }
        #expect(search.places(of: Array(text.utf8)).isEmpty, "as text")
        #expect(search.places(of: Array(text.utf8.prefix(22))).isEmpty, "half of the text")
        #expect(!agent.log.contains("cannot be kept out of the swap space"), "\(agent.log)")
    }

    /// `Check`, asked as another user by a process with that number.
    private func check(_ socket: String, as user: Int) throws -> JSONValue { try ask(socket, as: user).reply }

    private func ask(_ socket: String, as user: Int) throws -> (reply: JSONValue, pid: String) {
        let script = """
            import os, socket, sys
            os.setgroups([]); os.setgid(65534); os.setuid(int(sys.argv[2]))
            gate = socket.socket(socket.AF_UNIX); gate.connect(sys.argv[1])
            gate.sendall(b'{"method":"io.vendlock.Gate.Check","parameters":{"operation":"balance_enquiry"}}\\0')
            reply = b''
            while not reply.endswith(b'\\0'): reply += gate.recv(4096) or sys.exit('closed')
            sys.stdout.write(reply[:-1].decode())
            sys.stderr.write(str(os.getpid()))
            """
        let result = try Programs.run("python3", ["-c", script, socket, "\(user)"])
        guard result.status == 0 else { throw Failure("asking as \(user): \(result.errors)") }
        return (try JSONValue(Array(result.output.utf8)), result.errors)
    }

    private static let hidesProcesses = ["unshare", "--mount", "sh", "-c", "mount -t proc -o hidepid=invisible proc /proc && exec \"$@\"", "sh"]
    private static let mayHideProcesses = (try? Programs.run(hidesProcesses[0], hidesProcesses.dropFirst() + ["true"]).status) == 0

    /// As the unit runs it, which is not root and has `ProtectProc=invisible`; and without that.
    @Test(arguments: [false, true]) func anAgentThatIsNotRootReportsWhatTheSystemShowsOfAStranger(isHidden: Bool) throws {
        guard !isHidden || Self.mayHideProcesses else { return }
        let program = directory.file("vendlock-agent")
        #expect(try Programs.run("cp", [Programs.agent, program]).status == 0)
        let home = directory.file("home")
        mkdir(home, 0o700)
        let server = try ServerProcess()
        let account = Names.reference()
        try server.api.addAccount(account)
        let agent = try AgentProcess(Names.imei(), on: "KazTimpaPro", server: server.api.url, stateDirectory: home + "/state")
        try server.api.addDevice(agent.imei, account: account)
        agent.settings = ["gate_users": #"["root"]"#, "gate_group": #""nogroup""#]
        try agent.enrol(code: server.api.enrolmentCode(for: agent.imei))
        #expect(try Programs.run("chown", ["-R", "65534:65534", home]).status == 0)
        chmod(URL(fileURLWithPath: agent.socket).deletingLastPathComponent().path, 0o777)
        agent.wrapper =
            (isHidden ? Self.hidesProcesses : []) + [
                "python3", "-c",
                "import os, sys; os.setgroups([]); os.setgid(65534); os.setuid(65534); os.execv(sys.argv[1], sys.argv[1:2] + sys.argv[3:])",
                program,
            ]
        try agent.start()
        try agent.waitUntilItPermits()
        let (reply, pid) = try ask(agent.socket, as: 4711)
        #expect(reply["error"].string == "io.vendlock.Gate.NotYours")
        let shown = isHidden ? "exe=hidden" : "exe=hidden, calls itself python3"
        let report = "Terminal \(agent.imei) reports tampering: gate_peer uid=4711 pid=\(pid) \(shown)."
        try eventually("the report '\(report)', there is \(try server.api.notes(on: account))") {
            try server.api.notes(on: account).contains(report)
        }
    }

    @Test func theGateAnswersOnlyTheUsersOfTheConfigurationAndReportsOthers() throws {
        let server = try ServerProcess()
        let api = server.api
        let account = Names.reference()
        try api.addAccount(account)
        let agent = try AgentProcess(Names.imei(), on: "KazTimpaPro", server: api.url)
        try api.addDevice(agent.imei, account: account)
        agent.settings = ["gate_users": #"["nobody"]"#, "gate_group": #""nogroup""#]
        try agent.enrol(code: api.enrolmentCode(for: agent.imei))
        try agent.start()
        try agent.waitUntilItPermits()
        chmod(URL(fileURLWithPath: agent.socket).deletingLastPathComponent().path, 0o711)
        #expect(try check(agent.socket, as: 65534)["parameters"]["decision"]["permitted"].bool == true)
        for _ in 0..<3 { #expect(try check(agent.socket, as: 4711)["error"].string == "io.vendlock.Gate.NotYours") }
        func reports() throws -> [String] {
            let query = "SELECT text FROM notes WHERE text LIKE '%gate_peer uid=4711%'"
            return try Programs.run("sqlite3", ["-readonly", server.data + "/store.db", query]).output.split(separator: "\n").map(String.init)
        }
        let report = try eventually("the report of a stranger") { try reports().first }
        #expect(report.contains(" pid=") && report.contains(" exe=/") && report.contains("python"), "\(report)")

        // The configuration is read again: the other one may ask now, and nothing else has changed.
        agent.settings["gate_users"] = "[4711]"
        agent.settings["model"] = #""T-2""#
        try agent.reload()
        #expect(try check(agent.socket, as: 4711)["parameters"]["decision"]["permitted"].bool == true)
        #expect(try check(agent.socket, as: 65534)["error"].string == "io.vendlock.Gate.NotYours")
        #expect(agent.log.contains("model: changed, and in force only when the agent is restarted"), "\(agent.log)")
        #expect(agent.permits())
        #expect(try reports().count == 1)
    }
}
