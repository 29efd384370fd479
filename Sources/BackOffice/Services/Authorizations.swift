import LockRules
import Wire

/// The second gate: the vending switch asks the server itself, so that a terminal that lies still spends nothing.
package struct Authorizations: Sendable {
    private let states: LockStates

    package init(states: LockStates) { self.states = states }

    /// - Returns: `nil` when the facts are not in memory: `fetchAndAnswer` on a worker.
    package func answer(_ body: AuthorizationBody) throws -> AuthorizationAnswerBody? {
        try states.cached(body.imei, claiming: body.account).map { try decide(body, $0) }
    }

    package func fetchAndAnswer(_ body: AuthorizationBody) throws -> AuthorizationAnswerBody {
        try decide(body, states.load(body.imei, claiming: body.account))
    }

    private func decide(_ body: AuthorizationBody, _ terminal: TerminalFacts) throws -> AuthorizationAnswerBody {
        guard body.amount_cents ?? 0 >= 0 else { throw Problem(.invalidBody, "'amount_cents' must not be negative.") }
        let state = LockState(channel: body.channel, facts: terminal.facts)
        // The state is read at this moment, so it holds for this answer: any positive remainder says so.
        let standing: Standing =
            state.isLocked
            ? .locked(reasons: state.reasons.map(\.rawValue), message: nil, revision: state.revision, remaining: .zero)
            : .unlocked(revision: state.revision, remaining: .milliseconds(1))
        do {
            let decision = try standing.decide(body.operation)
            return AuthorizationAnswerBody(permitted: decision.permitted, reason: decision.reason, revision: decision.revision)
        } catch {
            throw Problem(.unknownOperation, error.description)
        }
    }
}
