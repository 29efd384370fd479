import AgentCore
import Modem
import Platform
import Signing
import Wire

/// Looks at the modem beside the agent's loop: whether it is still the terminal's, and in which cell it is. It never waits.
final class ModemWatch {
    private enum Stage {
        /// The terminal is not enrolled yet: there is nothing to compare.
        case off
        case resting
        case asking(Helper, output: [UInt8], forCell: Bool)
    }

    /// Between two looks. A modem or a SIM is hardly changed without the power going off, and each start looks at once.
    private static let interval = Duration.seconds(900)
    /// Between two that a changed network has led to.
    private static let shortestInterval = Duration.seconds(60)

    /// The AT port; takes effect with the next look.
    var port: String?
    private let own: IMEI
    /// `nil` until the terminal is enrolled.
    private var file: ModemFile?
    private let program: ModemProgram
    private let poller: Poller
    private let token: UInt64
    private let timer: TimerSource
    private var stage = Stage.off
    /// Somebody asked while a look without the cell was under way.
    private var wantsCell = false
    private var memory: ModemMemory?
    /// That the files were damaged is told once, also when they cannot be written again.
    private var hasToldOfDamage = false
    private var lookedAt: Uptime?
    private var lastSaid: String?

    /// - Parameter token: of its events in the poller.
    init(own: IMEI, port: String?, program: ModemProgram, poller: Poller, token: UInt64) throws(SystemError) {
        self.own = own
        self.port = port
        self.program = program
        self.poller = poller
        self.token = token
        timer = try TimerSource()
        try poller.register(timer.descriptor, token: token, interest: .read)
    }

    /// From now on it looks: at once, and every quarter of an hour.
    func begin(_ file: ModemFile) {
        self.file = file
        if case .off = stage { look() }
    }

    /// Now, as after a change of the configuration.
    func lookNow() {
        if case .resting = stage { look() }
    }

    /// A network that is another may be another modem's, or another SIM card's. Not each time that one comes and goes.
    func lookSoon() {
        if let lookedAt, Uptime.now() < lookedAt + Self.shortestInterval { return }
        lookNow()
    }

    /// Returns an event only when the modem cannot even be asked.
    func findCell() -> Event? {
        switch stage {
        case .asking(_, _, forCell: true): return nil
        case .asking:
            wantsCell = true
            return nil
        case .off, .resting: return look(forCell: true) ? nil : .cellUnknown
        }
    }

    /// Goes on where the poller has news, and tells what comes of it. What is told is stored before it counts as told.
    func proceed(_ tell: (Event) -> Void) {
        do throws(SystemError) {
            let rang = try timer.rang()
            switch stage {
            case .off: break
            case .resting: if rang { look() }
            case .asking(let helper, var output, let forCell):
                var isOver = rang
                var buffer = [UInt8](repeating: 0, count: 4096)
                switch try helper.output.read(into: &buffer) {
                case .wouldBlock: break
                case .bytes(let count): output += buffer[..<count]
                case .closed: isOver = true
                }
                isOver = isOver || output.count > ModemProgram.longestReport
                stage = isOver ? .resting : .asking(helper, output: output, forCell: forCell)
                if isOver { take(ModemProgram.report(output), forCell: forCell, tell) }
            }
        } catch {
            say("The modem is not watched any more: \(error).")
            rest()
        }
    }

    @discardableResult
    private func look(forCell: Bool = false) -> Bool {
        lookedAt = Uptime.now()
        do throws(SystemError) {
            let helper = try program.start(port: port, own: own, cell: forCell)
            try poller.register(helper.output.descriptor, token: token, interest: .read)
            stage = .asking(helper, output: [], forCell: forCell)
            try timer.set(Uptime.now() + ModemProgram.patience)
            return true
        } catch {
            say("The modem cannot be asked: \(error).")
            rest()
            return false
        }
    }

    private func rest() {
        stage = .resting
        do throws(SystemError) {
            try timer.set(Uptime.now() + Self.interval)
        } catch {
            preconditionFailure("a timer that was made can be set: \(error)")
        }
    }

    private func take(_ report: ModemReport, forCell: Bool, _ tell: (Event) -> Void) {
        rest()
        describe(report)
        compare(report, tell)
        if forCell { tell(report.cell.map(Event.cellLocated) ?? .cellUnknown) }
        guard wantsCell else { return }
        wantsCell = false
        if !look(forCell: true) { tell(.cellUnknown) }
    }

    /// A change is told before it is remembered: after a crash in between it is told twice, never not at all.
    private func compare(_ report: ModemReport, _ tell: (Event) -> Void) {
        guard let file else { return }
        do {
            let before = try remembered(file, tell)
            var memory = before
            for change in memory.take(report, own: own) { tell(.identityChanged(what: change.what)) }
            if memory != before { try file.write(memory) }
            self.memory = memory
        } catch {
            say("What was found of the modem cannot be remembered: \(error).")
        }
    }

    private func remembered(_ file: ModemFile, _ tell: (Event) -> Void) throws -> ModemMemory {
        if let memory { return memory }
        switch file.read() {
        case .holds(let memory): return memory
        case .missing: return try renewed(nil, "\(file.path) and its spare are missing", file, tell)
        case .damaged(let why, let survivor): return try renewed(survivor, why, file, tell)
        }
    }

    private func renewed(_ survivor: ModemMemory?, _ why: String, _ file: ModemFile, _ tell: (Event) -> Void) throws -> ModemMemory {
        if !hasToldOfDamage {
            let card = survivor == nil ? "Its SIM counts as new" : "The spare has it"
            say("What is remembered of the modem cannot be read: \(why). \(card).")
            tell(.tampered(what: "modem_memory_unreadable"))
            hasToldOfDamage = true
        }
        let memory = try survivor ?? ModemFile.newMemory()
        try file.write(memory)
        return memory
    }

    /// One line when something is different from the last look.
    private func describe(_ report: ModemReport) {
        let sim = report.iccid != nil || report.imsi != nil ? "with a SIM" : "without a SIM that can be read"
        let found = report.imei.map { "Modem: \($0), \(sim), by \(report.source == .port ? "its port" : "ModemManager")." }
        let troubles = report.troubles.isEmpty ? "" : " (\(report.troubles.joined(separator: "; ")))"
        say(found ?? "No modem tells its IMEI: it is not compared.\(troubles)")
    }

    private func say(_ text: String) {
        guard text != lastSaid else { return }
        lastSaid = text
        Log.info(text)
    }
}
