import AgentCore
private import Platform
import Varlink
private import Wire

/// What the terminal wants done, and what came of it.
extension AgentLoop {
    func receive(_ event: Event) { perform(terminal.receive(event, now: now)) }

    /// What comes of effects is told after all of them, in their order. Those that write to the disk come last: whoever watches the gate
    /// or waits for an answer, and the poll that acknowledges a lock, do not wait for an fsync.
    func perform(_ effects: [Effect]) {
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
