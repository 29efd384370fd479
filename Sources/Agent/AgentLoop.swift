import AgentCore
private import HTTPClient
package import Platform
import Varlink
private import Wire

/// The terminal against the world: one thread, one loop. Transfers, the gate, the timer and signals wake it; nothing blocks it
/// but writes to the disk, which are few.
package final class AgentLoop {
    private enum Token: UInt64 { case timer = 1, signals = 2, gpsd = 3, network = 4, modem = 5 }

    private let identity: Identity
    private let directory: StateDirectory
    /// Once the terminal is enrolled.
    var state: StateFile?
    var terminal: Terminal
    var server: ServerLink?

    let poller: Poller
    let timer: TimerSource
    private let signals: SignalSource
    let spool: SpoolFile
    let locator: GPSDLink
    let modem: ModemWatch
    private let service: ServiceManager
    private let network: NetworkWatch?
    private var config: AgentConfig
    private let readConfig: () throws -> AgentConfig
    var peers: GatePeers
    var gate: VarlinkServer?
    /// Effects of gate questions wait until the answers are out.
    var postponed: [Effect] = []
    private var isStopping = false
    private var lastComplaint: String?
    var codes: CodeDesk

    /// Opens the gate. What it throws keeps the agent from running at all.
    /// - Parameters:
    ///   - service: told that the gate answers, then fed at each turn.
    ///   - modem: asks the modem.
    ///   - readConfig: reads it again, on SIGHUP.
    package init(
        identity: Identity, config: AgentConfig, service: ServiceManager, modem: ModemProgram, readConfig: @escaping () throws -> AgentConfig
    ) throws(AgentError) {
        self.identity = identity
        self.service = service
        self.config = config
        self.readConfig = readConfig
        do throws(SystemError) {
            peers = try GatePeers(config.gateUsers)
        } catch {
            throw AgentError(.config, "gate_users: \(error)")
        }
        directory = StateDirectory(config.stateDirectory)
        spool = directory.spool
        codes = CodeDesk(imei: identity.imei)
        terminal = Terminal(imei: identity.imei, channel: identity.channel, generator: SystemRandomNumberGenerator())
        do throws(SystemError) {
            signals = try SignalSource([.terminate, .interrupt, .hangUp])
            poller = try Poller()
            timer = try TimerSource()
            locator = GPSDLink(config.gpsd, poller: poller, token: Token.gpsd.rawValue)
            self.modem = try ModemWatch(
                own: identity.imei, port: config.modemPort, program: modem, poller: poller, token: Token.modem.rawValue)
            try poller.register(timer.descriptor, token: Token.timer.rawValue, interest: .read)
            try poller.register(signals.descriptor, token: Token.signals.rawValue, interest: .read)
            network = Self.watchNetwork(with: poller)
            try Directory.create(Self.parent(of: config.gateSocket), mode: 0o755)
            let listener = try UnixListener(config.gateSocket, mode: 0o660, group: config.gateGroup)
            gate = try VarlinkServer(listener: listener, poller: poller, service: GateService.description) { [unowned self] call, client in
                answer(call, of: client)
            }
        } catch {
            if error.isBusy { throw AgentError(.system, "another agent answers at \(config.gateSocket); stop it first") }
            throw AgentError(.system, "the gate cannot be opened: \(error)")
        }
    }

    /// Until SIGTERM or SIGINT.
    package func run() throws(AgentError) {
        Log.info("vendlock-agent \(vendlockVersion) for \(identity.imei) on \(identity.channel), server \(identity.server)")
        receive(.started(look()))
        service.tell(.ready)
        while !isStopping {
            do throws(SystemError) {
                try turn()
            } catch {
                throw AgentError(.system, "\(error)")
            }
        }
        gate = nil
    }

    private func turn() throws(SystemError) {
        let sleep = service.longestSleep(at: Uptime.now())
        let events: [Poller.Event]
        if let server {
            // A day: the timer wakes it before.
            let (ready, finished) = server.wait(with: poller.descriptor, timeout: sleep ?? .seconds(86400))
            if let grant = server.takeGrant() { codes.take(grant, for: &terminal) }
            for event in finished { receive(event) }
            server.save(in: directory)
            events = ready ? try poller.ready(timeout: .zero) : []
        } else {
            events = try poller.ready(timeout: sleep)
        }
        for event in events {
            switch Token(rawValue: event.token) {
            case .timer: if try timer.rang() { receive(.timerFired) }
            case .gpsd: if let event = locator.proceed() { receive(event) }
            case .modem: modem.proceed { receive($0) }
            case .network: takeNetworkChange()
            case .signals: while let signal = try signals.next() { take(signal) }
            case nil: break
            }
        }
        try gate?.handle(events)
        performPostponed()
        // Here and nowhere else: a loop that hangs starves the watchdog, and systemd starts another agent.
        service.turned(at: Uptime.now())
    }

    /// Only a hint: without it the terminal tries again a little later.
    private static func watchNetwork(with poller: Poller) -> NetworkWatch? {
        do throws(SystemError) {
            let network = try NetworkWatch()
            try poller.register(network.descriptor, token: Token.network.rawValue, interest: .read)
            return network
        } catch {
            Log.warning("The network's changes are not seen, so it may take some seconds more to notice that it is back: \(error).")
            return nil
        }
    }

    private func takeNetworkChange() {
        do throws(SystemError) {
            guard let change = try network?.changes() else { return }
            receive(.networkChanged(addressLost: change == .addressLost))
            modem.lookSoon()
        } catch {
            // It would be told again at once, and for ever.
            Log.warning("The network's changes are not seen any more: \(error).")
            if let network { try? poller.remove(network.descriptor) }  // A descriptor that is no good cannot be polled either.
        }
    }

    private func take(_ signal: SignalSource.Signal) {
        switch signal {
        case .hangUp: reload()
        default:
            Log.info("Ending.")
            service.tell(.stopping)
            receive(.shuttingDown)
            isStopping = true
        }
    }

    /// A configuration that is wrong changes nothing.
    private func reload() {
        service.tell(.reloading)
        defer { service.tell(.ready) }
        do {
            let new = try readConfig()
            let peers = try GatePeers(new.gateUsers)
            let waiting = config.adopt(new)
            self.peers = peers
            locator.address = new.gpsd
            modem.port = new.modemPort
            modem.lookNow()
            gate?.drop { !peers.admits($0) }
            Log.info("The configuration was read again: gate_users, gpsd and modem_port are as it says.")
            if !waiting.isEmpty { Log.warning("\(waiting.joined(separator: ", ")): changed, and in force only when the agent is restarted.") }
        } catch {
            Log.error("The configuration stays as it was: \(error)")
        }
    }

    var now: Moment {
        Moment(sinceBoot: .nanoseconds(Uptime.now().nanoseconds), wall: Timestamp(unixMilliseconds: WallClock.now()))
    }

    /// What the disk says. An enrolment that cannot be used is none: everything is refused.
    func look() -> Start {
        var start = Start(stored: .notEnrolled, spool: nil, bootID: "")
        do {
            guard let files = try directory.open() else {
                complain("This terminal is not enrolled: nothing may be spent. Give it a code with vendlock-agent enrol.")
                return start
            }
            guard files.enrolment.imei == identity.imei else {
                throw AgentError(.config, "this terminal is enrolled as \(files.enrolment.imei) and configured as \(identity.imei)")
            }
            start.bootID = try BootID.read()
            server = try ServerLink(identity: identity, enrolment: files.enrolment, key: files.key, bootID: start.bootID)
            state = files.state
            modem.begin(files.modem)
            start.stored = files.lockState()
            switch codes.load(from: files.codes) {
            case .missing: break
            case .holds(_, let memory): start.codes = memory
            case .damaged(let why):
                Log.error("The stored offline codes cannot be used: \(why). The server gives a new key.")
                start.tampering = ["codes_unreadable"]
            }
        } catch {
            complain("Nothing may be spent: \(error).")
            return start
        }
        lastComplaint = nil
        start.spool = spool.read()
        return start
    }

    /// Once, not at each look.
    private func complain(_ text: String) {
        guard text != lastComplaint else { return }
        lastComplaint = text
        Log.error(text)
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return path.hasPrefix("/") ? "/" : "." }
        return String(path[..<slash])
    }
}
