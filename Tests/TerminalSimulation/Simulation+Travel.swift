import AgentCore
import Wire

/// Requests and answers on their way, and what the terminal's effects come to.
extension Simulation {
    mutating func receive(_ event: Event) { perform(terminal.receive(event, now: moment)) }

    /// What comes of effects is told after the last one, in their order; now and then the power goes in between.
    mutating func perform(_ effects: [Effect]) {
        let end = effects.contains(where: \.isWrite) && random.chance(0.001) ? Int.random(in: 0...effects.count, using: &random) : nil
        var outcomes: [Event] = []
        for (place, effect) in effects.enumerated() {
            if place == end { return restart(isReboot: random.chance(0.5)) }
            if let outcome = perform(effect) { outcomes.append(outcome) }
        }
        for outcome in outcomes { receive(outcome) }
    }

    private mutating func perform(_ effect: Effect) -> Event? {
        switch effect {
        case .connect(let nonce, let nextCode, let timeout): send(.connect(nextCode: nextCode), nonce, timeout)
        case .poll(let session, let after, let nonce, let wait, let timeout):
            send(.poll(session: session, after: after, wait: wait), nonce, timeout)
        case .storeState(let state):
            guard !disk.isFull else { return .stateStoreFailed("No space left on device") }
            if fault != .stateIsLost { disk.state = state }
            return .stateStored
        case .storeCodes(let memory): disk.codes = disk.isFull ? nil : memory
        case .appendEvents(let events):
            guard !disk.isFull else { return .spoolStoreFailed("No space left on device") }
            disk.spool = SpoolImage(lastSeq: events.last?.seq ?? 0, events: (disk.spool?.events ?? []) + events)
            return .spoolStored
        case .replaceSpool(let image):
            guard !disk.isFull else { return .spoolStoreFailed("No space left on device") }
            disk.spool = image
            return .spoolStored
        case .sendEvents(_, let events, let timeout):
            transfers += 1
            report = (transfers, events)
            if let passage = network.passage(&random) { agenda.add(.reportArrives(transfers), at: now + passage) }
            agenda.add(.reportFails(transfers), at: now + timeout)
        case .setTimer(let at):
            timers += 1
            if let at { agenda.add(.timer(timers), at: max(now, now + (at - bootClock))) }
        case .lookForEnrolment, .locate, .stopLocating, .locateCell, .notifyMonitors, .log: break
        }
        return nil
    }

    private mutating func send(_ kind: Transfer.Kind, _ nonce: String, _ timeout: Duration) {
        transfers += 1
        let sent = Transfer(id: transfers, kind: kind, nonce: nonce, sentAt: bootClock)
        transfer = sent
        if let passage = network.passage(&random) {
            agenda.add(.arrival(sent.id), at: now + passage)
        } else if random.chance(0.3) {
            agenda.add(.failure(sent.id), at: now + .milliseconds(50))
        }
        agenda.add(.timeout(sent.id), at: now + timeout)
        inFlight[sent.id] = sent
    }

    mutating func travel(_ happening: Happening) {
        switch happening {
        case .arrival(let id):
            guard let sent = inFlight[id] else { return }
            guard server.isUp else {
                if let passage = network.passage(&random) { agenda.add(.failure(id), at: now + passage) }
                return
            }
            switch server.receive(sent, now: now) {
            case .answer(let answer): dispatch(answer)
            case .unauthorized: if let passage = network.passage(&random) { agenda.add(.refusal(id), at: now + passage) }
            case .parked(let until): agenda.add(.parkOver(id), at: until)
            }
        case .parkOver(let id): release(id)
        case .answer(let id): if let answer = answers.removeValue(forKey: id) { deliver(answer, to: id) }
        case .failure(let id): fail(id, TransferFailure(.network("connection reset"), isCheap: !network.isUp))
        case .timeout(let id): fail(id, TransferFailure(.network("no answer in time"), isCheap: true))
        case .refusal(let id): fail(id, TransferFailure(.unauthorized(clockCorrected: false)))
        case .replay:
            // Somebody on the way answers in the server's place with what was recorded: an unlocked lease, if there is one.
            guard let current = transfer, let old = recorded.filter({ !$0.claims.locked }).randomElement(using: &random) else { return }
            count("replay")
            deliver(old, to: current.id)
        default: break
        }
    }

    mutating func release(_ id: Int) {
        guard let since = server.parked.first(where: { $0.transfer.id == id })?.since, let answer = server.release(id, now: now) else { return }
        if let forgets = network.forgetsAfter, now - since > forgets { return count("forgotten connection") }
        dispatch(answer)
    }

    private mutating func dispatch(_ answer: Answer) {
        recorded.append(answer)
        if recorded.count > 40 { recorded.removeFirst(20) }
        guard let passage = network.passage(&random) else { return }
        answers[answer.transfer.id] = answer
        agenda.add(.answer(answer.transfer.id), at: now + passage)
    }

    /// Whether it is what was asked for is the terminal's to find out; only the transfer that is under way is listened to.
    private mutating func deliver(_ answer: Answer, to id: Int) {
        guard let current = transfer, current.id == id else { return }
        transfer = nil
        inFlight[id] = nil
        let isTrue = answer.claims.nonce == current.nonce
        note("\(isTrue ? "answer" : "old answer"): revision \(answer.claims.rev), \(answer.claims.locked ? "locked" : "unlocked")")
        if isTrue { oracle.heard(answer.claims, signedAt: answer.signedAt, life: .seconds(answer.life)) }
        let sentAt = fault == .leaseFromReceipt ? bootClock : current.sentAt
        switch current.kind {
        case .connect:
            let life = Duration.seconds(86_400)
            let session = String((now + life).components.seconds)
            receive(
                .connectionAnswered(
                    session: session, expiresIn: life, lease: answer.claims, sentAt: sentAt, longestWait: SimulatedServer.longestWait))
        case .poll: receive(.pollAnswered(lease: answer.claims, sentAt: sentAt))
        }
        expectAsks()
    }

    private mutating func fail(_ id: Int, _ failure: TransferFailure) {
        inFlight[id] = nil
        guard transfer?.id == id else { return }
        transfer = nil
        note("\(failure)")
        receive(.transferFailed(failure))
    }

    mutating func reportTravels(_ happening: Happening) {
        switch happening {
        case .reportArrives(let id):
            guard let report, report.id == id, server.isUp, let last = report.events.last else { return }
            server.heard(report.events)
            if let passage = network.passage(&random) { agenda.add(.reportAnswered(id, through: last.seq), at: now + passage) }
        case .reportAnswered(let id, let through):
            guard report?.id == id else { return }
            report = nil
            receive(.eventsAcknowledged(through: through))
        case .reportFails(let id):
            guard report?.id == id else { return }
            report = nil
            receive(.eventsFailed(TransferFailure(.network("no answer in time"))))
        default: break
        }
    }
}

extension Effect {
    fileprivate var isWrite: Bool {
        switch self {
        case .storeState, .storeCodes, .appendEvents, .replaceSpool: true
        default: false
        }
    }
}
