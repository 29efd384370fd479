import Foundation
import Glibc

/// The real `vendlock-agent` of one terminal, built beside the tests: enrolled and asked through its own command line, killed and started again.
///
/// Concurrency: one thread at a time starts and ends it; any may ask.
package final class AgentProcess {
    package let imei: String
    package let channel: String
    /// Where it finds its server; takes effect with the next start.
    package var server: String
    /// The account that an unregistered device signs in to; takes effect with the next start.
    package var account: String?
    /// Certificates to trust; takes effect with the next start.
    package var caFile: String?
    /// Where it finds gpsd; takes effect with the next start.
    package var gpsd: String?
    /// Whether its configuration names its IMEI; takes effect with the next start.
    package var hasIMEI = true
    /// Further members of its configuration, as JSON by key; takes effect with the next start, or with `reload`.
    package var settings: [String: String] = [:]
    /// What its process, and `enrol`, is given as environment; takes effect with the next start.
    package var environment: [String: String] = [:]
    /// What starts it and enrols it, in front of its own path: a program that changes the user, for example. Takes effect with the next start.
    package var wrapper: [String] = []
    /// The network that it enrols and runs in; absent: the tests' own. Takes effect with the next start.
    package var network: NetworkNamespace?
    package let stateDirectory: String
    package private(set) var process: ChildProcess?
    private let directory: TemporaryDirectory

    /// - Parameter stateDirectory: absent: one that goes with this object.
    package init(
        _ imei: String, on channel: String, server: String, account: String? = nil, caFile: String? = nil, stateDirectory: String? = nil
    ) throws {
        self.imei = imei
        self.channel = channel
        self.server = server
        self.account = account
        self.caFile = caFile
        directory = try TemporaryDirectory()
        self.stateDirectory = stateDirectory ?? directory.file("state")
    }

    /// Another agent with this one's state as it lies on disk: what a thief copies, or another configuration of the same terminal.
    package func copy() throws -> AgentProcess {
        let copy = try AgentProcess(imei, on: channel, server: server, account: account, caFile: caFile)
        try FileManager.default.copyItem(atPath: stateDirectory, toPath: copy.stateDirectory)
        return copy
    }

    package var socket: String { directory.file("gate.sock") }
    /// The two files of its lock state: `a` or `b`.
    package func stateFile(_ slot: Character) -> String { "\(stateDirectory)/state.\(slot)" }
    private var config: String { directory.file("agent.json") }

    private func writeConfig() throws {
        var members = [
            ("server", server), ("channel", channel), ("state_dir", stateDirectory), ("gate_socket", socket),
        ]
        if hasIMEI { members.append(("imei", imei)) }
        if let account { members.append(("account", account)) }
        if let caFile { members.append(("ca_file", caFile)) }
        if let gpsd { members.append(("gpsd", gpsd)) }
        let lines = (members.map { "  \"\($0)\": \"\($1)\"" } + settings.map { "  \"\($0)\": \($1)" }).joined(separator: ",\n")
        _ = try directory.write("{ // of a test\n\(lines)\n}\n", to: "agent.json")
    }

    // MARK: Its life

    /// Makes the device known, enrols it through the real command line, starts the agent.
    package static func running(
        _ admin: API, on channel: String = "KazTimpaPro", account: String? = nil, claims: String? = nil, through server: String? = nil
    ) throws -> AgentProcess {
        let agent = try AgentProcess(Names.imei(), on: channel, server: server ?? admin.url, account: claims)
        try admin.addDevice(agent.imei, account: account)
        try agent.enrol(code: admin.enrolmentCode(for: agent.imei))
        try agent.start()
        return agent
    }

    package func enrol(code: String) throws {
        let result = try enrolResult(code: code)
        guard result.status == 0 else { throw Failure("enrolment of \(imei): \(result.errors)") }
    }

    package func enrolResult(code: String) throws -> (status: Int32, output: String, errors: String) {
        try writeConfig()
        let words =
            (network?.wrapper ?? []) + wrapper + [
                Programs.agent, "enrol", "--server", server, "--imei", imei, "--channel", channel, "--code", code, "--config", config,
            ]
        return try Programs.run(words[0], Array(words.dropFirst()), environment: environment)
    }

    /// Starts it and returns when its gate answers.
    package func start() throws {
        try writeConfig()
        let words = (network?.wrapper ?? []) + wrapper + [Programs.agent, "run", "--config", config]
        let process = try ChildProcess(words[0], Array(words.dropFirst()), environment: environment)
        self.process = process
        try eventually("the gate of \(imei) to open") {
            if process.hasEnded { throw Failure("the agent ended: \(process.errors)") }
            return (try? GateConnection(socket).check("balance_enquiry"))?["permitted"].bool == true
        }
    }

    /// Has it read its configuration again, as it is now; returns when it has.
    package func reload() throws {
        try writeConfig()
        let before = reloads
        process?.signal(SIGHUP)
        try eventually("\(imei) to read its configuration again: \(log)") { reloads > before }
    }

    private var reloads: Int { log.components(separatedBy: "configuration was read again").count }

    /// Ends it as a pulled battery would.
    package func kill() throws {
        process?.signal(SIGKILL)
        try process?.wait()
    }

    @discardableResult
    package func stop() throws -> ChildProcess.End? {
        process?.signal(SIGTERM)
        return try process?.wait()
    }

    package func restart() throws {
        try kill()
        try start()
    }

    package var log: String { process?.errors ?? "" }

    // MARK: Asking, through the command line

    /// `check`, as a script would call it.
    package func command(_ words: String...) throws -> (status: Int32, output: String, errors: String) {
        try Programs.run(Programs.agent, words + ["--config", config], environment: environment)
    }

    /// `status --json`.
    package var status: JSONValue {
        get throws {
            let result = try command("status", "--json")
            guard result.status == 0 else { throw Failure("status of \(imei): \(result.errors)") }
            return try JSONValue(Array(result.output.utf8))
        }
    }

    // MARK: Asking, on the socket

    package func decision(_ operation: String = "airtime_vend") throws -> JSONValue { try GateConnection(socket).check(operation) }

    /// No answer is a refusal.
    package func permits(_ operation: String = "airtime_vend") -> Bool { (try? decision(operation))?["permitted"].bool == true }

    /// Why it refuses; `nil` when it permits or does not answer.
    package func reason(_ operation: String = "airtime_vend") -> String? { (try? decision(operation))?["reason"].string }

    package func waitUntilItPermits(_ operation: String = "airtime_vend", within limit: Duration = .seconds(40)) throws {
        do {
            try eventually("\(imei) to permit \(operation)", within: limit) { permits(operation) }
        } catch { throw Failure("\(error); it says \(String(describing: try? decision(operation))): \(log)") }
    }

    package func waitUntilItRefuses(_ reason: String, _ operation: String = "airtime_vend", within limit: Duration = .seconds(40)) throws {
        do {
            try eventually("\(imei) to refuse \(operation): \(reason)", within: limit) { self.reason(operation) == reason }
        } catch { throw Failure("\(error); it says \(String(describing: try? decision(operation))): \(log)") }
    }
}
