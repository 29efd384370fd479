import Synchronization
import Wire

/// Counts what failed, by sender and by wallet reference: five in ten minutes slow the answers down and are worth an alert.
///
/// In memory only: after a restart counting begins anew, and a message from the linked number is never slowed in any case.
final class FailedAttempts: Sendable {
    struct Verdict: Equatable {
        /// How long the answer is held back.
        var delay = Duration.zero
        /// Which of the two has just reached five: people are told once.
        var senderIsNew = false
        var referenceIsNew = false
    }

    private struct Key: Hashable {
        let kind: String
        let text: String
    }

    static let window = Duration.seconds(600)
    static let allowed = 5
    /// About 10 MB; beyond, those that have run out go, then all.
    private static let mostKept = 50_000
    /// Less than the five minutes after which an outbox ages: what is held back on purpose is no failure.
    private static let longestDelay = Duration.seconds(240)

    private let failures = Mutex<[Key: [Timestamp]]>([:])

    func fail(sender: String, reference: AccountReference, at now: Timestamp) -> Verdict {
        failures.withLock { failures in
            if failures.count >= Self.mostKept {
                failures = failures.filter { $0.value.last.map { now < $0.adding(Self.window) } ?? false }
                if failures.count >= Self.mostKept { failures.removeAll() }
            }
            let bySender = Self.count(Key(kind: "sender", text: sender), at: now, in: &failures)
            let byReference = Self.count(Key(kind: "reference", text: reference.text), at: now, in: &failures)
            // Of a sender whom people know of already they need not hear once more for each reference that he tries.
            var verdict = Verdict(
                senderIsNew: bySender == Self.allowed, referenceIsNew: byReference == Self.allowed && bySender <= Self.allowed)
            let over = max(bySender, byReference) - Self.allowed
            if over >= 0 { verdict.delay = min(Self.longestDelay, .seconds(30 << min(over, 10))) }
            return verdict
        }
    }

    private static func count(_ key: Key, at now: Timestamp, in failures: inout [Key: [Timestamp]]) -> Int {
        // The newest hundred are enough to know that there are more than five.
        let recent = failures[key, default: []].filter { now < $0.adding(window) }.suffix(99) + [now]
        failures[key] = Array(recent)
        return recent.count
    }
}
