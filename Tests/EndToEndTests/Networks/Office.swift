import TestSupport

/// A back office in a network: the real server with TLS, under the name that terminals know, and a door for the tests' own calls.
final class Office: Sendable {
    let server: ServerProcess
    let api: API
    let addresses: Network.Addresses
    let network: NetworkNamespace
    private let door: ChildProcess

    /// - Parameters:
    ///   - pins: names of certificates; absent: its terminals are given none.
    ///   - lease: short enough to see one end, and long enough for the network of the test.
    init(
        _ number: Int = 1, in network: Network, _ certificates: Certificates, pins: [String]? = nil, lease: (ttl: Int, wait: Int) = (4, 1)
    ) throws {
        (self.network, addresses) = try network.site(number)
        server = try ServerProcess(configuration: try certificates.configuration("ours", pins: pins, lease: lease), port: 443, network: self.network)
        let words = [Script.path("door.py"), "\(self.network.pid)", "443", certificates.authority("ours"), Network.name]
        let door = try ChildProcess(Script.python, words)
        self.door = door
        let port = try eventually("the door to the server") { () -> UInt16? in
            if door.hasEnded { throw Failure("door.py: \(door.errors)") }
            return door.output.split(separator: " ").last.flatMap { UInt16($0.dropLast()) }
        }
        api = API(port: port, token: server.api.token, of: server)
    }
}

/// An honest network with an office that its terminals find, trust, and are locked by.
struct Scene: Sendable {
    let certificates: Certificates
    let network: Network
    let office: Office
    let account = Names.reference()

    /// - Parameter names: further ones of the office's certificate, as `DNS:`.
    init(
        _ families: Network.Families = .both, delay: Duration? = nil, pins: [String]? = nil, lease: (ttl: Int, wait: Int) = (4, 1),
        names: [String] = []
    ) throws {
        certificates = try Certificates(for: ["DNS:\(Network.name)"] + names)
        network = try Network(families, delay: delay)
        office = try Office(in: network, certificates, pins: pins, lease: lease)
        try network.resolve(to: office.addresses)
        try office.api.addAccount(account)
    }

    /// A terminal of the account that is not enrolled yet.
    func terminal() throws -> AgentProcess {
        let agent = try AgentProcess(
            Names.imei(), on: "KazTimpaPro", server: "https://\(Network.name)", caFile: certificates.authority("ours"))
        agent.network = network.terminal
        try office.api.addDevice(agent.imei, account: account)
        return agent
    }

    func enrol(_ agent: AgentProcess) throws { try agent.enrol(code: office.api.enrolmentCode(for: agent.imei)) }

    /// Enrolled, running, and in trade.
    func tradingTerminal() throws -> AgentProcess {
        let agent = try terminal()
        try enrol(agent)
        try agent.start()
        try agent.waitUntilItPermits()
        return agent
    }

    /// The limit is there so that a hanging test ends.
    private static let patience = Duration.seconds(90)

    func waitUntilEnforced(_ hold: String, by agent: AgentProcess) throws {
        do {
            try eventually("the lock to be enforced", within: Self.patience) { try office.api.isEnforced(hold, on: account, by: agent) }
        } catch { throw Failure("\(error): \(agent.log)") }
    }

    /// A lock reaches the terminal, is obeyed, and the office knows it.
    @discardableResult
    func lockArrives(at agent: AgentProcess) throws -> String {
        let hold = try office.api.lock(account)
        try waitUntilEnforced(hold, by: agent)
        guard agent.reason() == "account_locked" else { throw Failure("enforced, and the gate says \(agent.reason() ?? "yes")") }
        return hold
    }

    func lift(_ hold: String, from agent: AgentProcess) throws {
        try office.api.release(hold, of: account)
        try agent.waitUntilItPermits(within: Self.patience)
    }

    /// The office learns of whom the terminal did not believe.
    func isTold(_ why: String, by agent: AgentProcess) throws {
        try eventually("\(why) to be on the account", within: Self.patience) {
            try office.api.notes(on: account).contains { $0.contains("\(agent.imei) refused a lease: \(why)") }
        }
    }
}
