import AgentCore
private import Platform
private import LockRules
import Varlink
private import Wire

/// The gate: questions are answered at once, and what they lead to waits until the answers are out.
extension AgentLoop {
    func answer(_ call: VarlinkCall, of client: ConnectionID) -> VarlinkOutcome {
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

    func performPostponed() {
        if !postponed.isEmpty {
            let effects = postponed
            postponed = []
            perform(effects)
        }
    }

    /// Answers those who have asked by now. What their questions lead to waits for the turn's end.
    func serveGate() {
        do throws(SystemError) {
            try gate?.handle(try poller.ready(timeout: .zero))
        } catch {
            // The next turn meets the same error and ends with it.
        }
    }
}
