package import Wire

/// Everything a spending operation can meet when it asks: a lock state that holds, or the reason why there is none.
package enum Standing: Sendable, Equatable {
    /// Verified and unlocked. `remaining` is how long it still holds; at zero or below it has run out.
    case unlocked(revision: Revision, remaining: Duration)
    /// Locked: holds until something newer lifts it, lease or no lease.
    case locked(reasons: [String], message: String?, revision: Revision, remaining: Duration)
    /// Nothing that permits: not enrolled, no lease, run out, unreadable, cap reached.
    case without(Reason, revision: Revision)
}

/// The name of an operation that the contract does not know. An error, never a permission.
package struct UnknownOperation: Error, Equatable, CustomStringConvertible {
    package let operation: String

    package init(operation: String) { self.operation = operation }

    package var description: String {
        "'\(operation)' is not an operation. Known: \(Operation.allCases.map(\.rawValue).joined(separator: ", "))."
    }
}

extension Standing {
    /// The one function that permits or refuses: behind the terminal's gate and behind `/v1/authorizations`.
    package func decide(_ name: String) throws(UnknownOperation) -> Decision {
        guard let operation = Operation(rawValue: name) else { throw UnknownOperation(operation: name) }
        return decide(operation)
    }

    package func decide(_ operation: Operation) -> Decision {
        switch self {
        case .unlocked(let revision, let remaining) where remaining > .zero:
            return Decision(permitted: true, revision: revision, lease_ms: remaining.wholeMilliseconds)
        case .unlocked(let revision, _):
            return refusal(of: operation, reason: Reason.leaseExpired.rawValue, message: nil, revision: revision, remaining: .zero)
        case .locked(let reasons, let message, let revision, let remaining):
            let reason = reasons.first ?? Reason.accountLocked.rawValue
            return refusal(of: operation, reason: reason, message: message, revision: revision, remaining: remaining)
        case .without(let reason, let revision):
            return refusal(of: operation, reason: reason.rawValue, message: nil, revision: revision, remaining: .zero)
        }
    }

    private func refusal(of operation: Operation, reason: String, message: String?, revision: Revision, remaining: Duration) -> Decision {
        let leaseMilliseconds = max(0, remaining.wholeMilliseconds)
        guard operation.isSpending else { return Decision(permitted: true, revision: revision, lease_ms: leaseMilliseconds) }
        let sentence = message ?? Reason(rawValue: reason)?.sentence ?? Reason.accountLocked.sentence
        return Decision(permitted: false, reason: reason, message: sentence, revision: revision, lease_ms: leaseMilliseconds)
    }
}

extension Duration {
    /// Whole milliseconds, rounded down, as the wire carries them.
    package var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
