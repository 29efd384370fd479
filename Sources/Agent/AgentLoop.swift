private import AgentCore
private import HTTPClient
private import LockRules
package import Platform
private import Varlink
private import Wire

/// The terminal against the world: one thread, one loop. Transfers, the gate, the timer and signals wake it; nothing blocks it
/// but writes to the disk, which are few.
package final class AgentLoop {
    private enum Token: UInt64 { case timer = 1, signals = 2, gpsd = 3, network = 4, modem = 5 }

    private let identity: Identity
    private let directory: StateDirectory
    /// Once the terminal is enrolled.
    private var state: StateFile?
    private var terminal: Terminal
    private var server: ServerLink?

    private let poller: Poller
    private let timer: TimerSource
    private let signals: SignalSource
    private let spool: SpoolFile
    private let locator: GPSDLink
    private let modem: ModemWatch
    private let service: ServiceManager
    private let network: NetworkWatch?
    private var config: AgentConfig
    private let readConfig: () throws -> AgentConfig
    private var peers: GatePeers
    private var gate: VarlinkServer?
    /// Effects of gate questions wait until the answers are out.
    private var postponed: [Effect] = []
    private var isStopping = false
    private var lastComplaint: String?
    private var codes: CodeDesk

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

    private func performPostponed() {
        if !postponed.isEmpty {
            let effects = postponed
            postponed = []
            perform(effects)
        }
    }

    /// Answers those who have asked by now. What their questions lead to waits for the turn's end.
    private func serveGate() {
        do throws(SystemError) {
            try gate?.handle(try poller.ready(timeout: .zero))
        } catch {
            // The next turn meets the same error and ends with it.
        }
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

    private var now: Moment {
        Moment(sinceBoot: .nanoseconds(Uptime.now().nanoseconds), wall: Timestamp(unixMilliseconds: WallClock.now()))
    }

    // MARK: The gate

    private func answer(_ call: VarlinkCall, of client: ConnectionID) -> VarlinkOutcome {
        guard let peer = gate?.peer(of: client) else { return .error(VarlinkFault(Gate.notYours)) }
        if case .refused(let report) = peers.verdict(on: peer, at: Uptime.now()) {
            if let report { postponed += terminal.receive(.tampered(what: report), now: now) }
            return .error(VarlinkFault(Gate.notYours))
        }
        return GateService.answer(call) { (operation, amount) throws(UnknownOperation) in
            let answer = try terminal.ask(operation, amountCents: amount, now: now)
            postponed += answer.effects
            return answer.decision
        } state: {
            terminal.gateState(at: now.sinceBoot)
        } enter: {
            let (reply, effects) = codes.enter($0, to: &terminal, now: now)
            store(effects)
            postponed += effects
            return reply
        }
    }

    /// What a code has changed is on the disk before anybody is told of it. The effects write it once more, and tell the terminal.
    private func store(_ effects: [Effect]) {
        for case .storeState(let new) in effects {
            do throws(SystemError) {
                try state?.write(new)
            } catch {
                Log.error("What a code has changed cannot be stored: \(error). It holds in memory.")
            }
        }
    }

    // MARK: The terminal

    private func receive(_ event: Event) { perform(terminal.receive(event, now: now)) }

    /// What comes of effects is told after all of them, in their order. Those that write to the disk come last: whoever watches the gate
    /// or waits for an answer, and the poll that acknowledges a lock, do not wait for an fsync.
    private func perform(_ effects: [Effect]) {
        var outcomes: [Event] = []
        let slow = effects.filter(\.isSlow)
        for effect in effects where !effect.isSlow {
            if let outcome = perform(effect) { outcomes.append(outcome) }
        }
        if !slow.isEmpty {
            server?.advance()
            serveGate()
        }
        for effect in slow {
            if let outcome = perform(effect) { outcomes.append(outcome) }
        }
        for outcome in outcomes { receive(outcome) }
    }

    private func perform(_ effect: Effect) -> Event? {
        switch effect {
        case .lookForEnrolment: return .started(look())
        case .connect(let nonce, let nextCode, let timeout):
            return server?.connect(nonce: nonce, nextCode: nextCode, timeout: timeout, now: now)
        case .poll(let session, let after, let nonce, let wait, let timeout):
            return server?.poll(session: session, after: after, nonce: nonce, wait: wait, timeout: timeout, now: now)
        case .sendEvents(let session, let events, let timeout): return server?.report(events, session: session, timeout: timeout)
        case .locate: return locator.begin()
        case .stopLocating: locator.end()
        case .locateCell: return modem.findCell()
        case .storeState(let new):
            guard let state else { preconditionFailure("a terminal that is not enrolled has no state to store") }
            return attempt(.stateStored, Event.stateStoreFailed) { () throws(SystemError) in try state.write(new) }
        case .storeCodes(let memory): codes.keep(memory)
        case .appendEvents(let events):
            return attempt(.spoolStored, Event.spoolStoreFailed) { () throws(SystemError) in try spool.append(events) }
        case .replaceSpool(let image):
            return attempt(.spoolStored, Event.spoolStoreFailed) { () throws(SystemError) in try spool.replace(with: image) }
        case .notifyMonitors:
            gate?.pushAll(GateService.monitor, StateReply(state: terminal.gateState(at: now.sinceBoot)))
        case .setTimer(let at):
            do throws(SystemError) {
                try timer.set(at.map { Uptime(nanoseconds: $0.nanoseconds) })
            } catch {
                preconditionFailure("a timer that was made can be set: \(error)")
            }
        case .log(.info, let text): Log.info(text)
        case .log(.warning, let text): Log.warning(text)
        case .log(.error, let text): Log.error(text)
        }
        return nil
    }

    private func attempt(_ done: Event, _ failed: (String) -> Event, _ work: () throws(SystemError) -> Void) -> Event {
        do throws(SystemError) {
            try work()
            return done
        } catch {
            return failed(error.description)
        }
    }

    /// What the disk says. An enrolment that cannot be used is none: everything is refused.
    private func look() -> Start {
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

extension Effect {
    /// Writes to the disk or to the log, or is in no hurry.
    fileprivate var isSlow: Bool {
        switch self {
        case .storeState, .storeCodes, .appendEvents, .replaceSpool, .log, .locate, .locateCell: true
        case .lookForEnrolment, .connect, .poll, .sendEvents, .notifyMonitors, .setTimer, .stopLocating: false
        }
    }
}
