import Messaging
import Platform
import Store
import Synchronization
import Wire

/// Tells the people who run the server what fails: a metric, a line in the log, a message to their channel.
///
/// Of one kind one message in five minutes, with a count of the others: strangers can cause some of them as often as they like.
package final class Alerts: Sendable {
    enum Kind: String, CaseIterable {
        case badSignature = "bad_signature"
        case unreadable
        case failedAttempts = "failed_attempts"
        case providerError = "provider_error"
        case undelivered
        case outboxAge = "outbox_age"
        case notConfirmed = "not_confirmed"
        case numberSuspended = "number_suspended"
        case refusedConnections = "refused_connections"
    }

    private struct Throttle {
        var until: Timestamp
        var held = 0
    }

    static let interval = Duration.seconds(300)
    private let environment: Environment
    private let outbox: Outbox
    private let throttles = Mutex<[String: Throttle]>([:])

    init(environment: Environment, outbox: Outbox) {
        self.environment = environment
        self.outbox = outbox
    }

    /// - Parameter about: alerts of one kind about different things are held back apart: an account, a provider.
    ///
    /// Callable from any thread, inside a transaction too: what is to be sent is stored without waiting.
    func raise(_ kind: Kind, _ text: String, about: String = "") {
        environment.metrics.alerts.increment(kind.rawValue)
        let now = environment.now
        let held: Int? = throttles.withLock { throttles in
            if throttles.count > 10_000 { throttles = throttles.filter { now < $0.value.until } }
            let key = kind.rawValue + "/" + about
            if let throttle = throttles[key], now < throttle.until {
                throttles[key]?.held += 1
                return nil
            }
            defer { throttles[key] = Throttle(until: now.adding(Self.interval)) }
            return throttles[key]?.held ?? 0
        }
        guard let held else { return }
        let whole = text + (held == 0 ? "" : " (\(held) more since the last alert of this kind)")
        Log.warning("alert: \(kind.rawValue): \(whole)")
        let outbox = outbox
        environment.store.writeLater { try outbox.put(.alert(text: "vendlock: \(whole)"), account: nil, now: now, in: $0) }
    }
}
