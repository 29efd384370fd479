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
        case lockedSilent = "locked_silent"
        case identityChanged = "identity_changed"
        case numberSuspended = "number_suspended"
        case requestOverdue = "request_overdue"
        case refusedConnections = "refused_connections"
    }

    private struct Throttle {
        let kind: Kind
        var until: Timestamp
        var held = 0
    }

    static let interval = Duration.seconds(300)
    /// Different things within the interval; beyond, the kind is held back as one.
    private static let mostOfAKind = 20
    private let environment: Environment
    private let outbox: Outbox
    private let throttles = Mutex<[String: Throttle]>([:])

    init(environment: Environment, outbox: Outbox) {
        self.environment = environment
        self.outbox = outbox
    }

    /// - Parameter about: alerts of one kind about different things are held back apart: an account, a provider.
    ///
    /// Callable from any thread. With a `writer` what is to be sent belongs to its transaction; without, it is stored soon.
    func raise(_ kind: Kind, _ text: String, about: String = "", in writer: (any StoreWriter)?) throws {
        environment.metrics.alerts.increment(kind.rawValue)
        let now = environment.now
        let held: Int? = throttles.withLock { throttles in
            if throttles.count > 10_000 { throttles = throttles.filter { now < $0.value.until } }
            // Of very many things at once people hear by kind only.
            let isFlood = throttles.values.count { $0.kind == kind && now < $0.until } >= Self.mostOfAKind
            let key = kind.rawValue + "/" + (isFlood ? "" : about)
            if let throttle = throttles[key], now < throttle.until {
                throttles[key]?.held += 1
                return nil
            }
            defer { throttles[key] = Throttle(kind: kind, until: now.adding(Self.interval)) }
            return throttles[key]?.held ?? 0
        }
        guard let held else { return }
        let whole = text + (held == 0 ? "" : " (\(held) more since the last alert of this kind)")
        Log.warning("alert: \(kind.rawValue): \(Self.masked(whole))")
        // While their channel is down one of a kind waits, not one for each time.
        let (outbox, cause) = (outbox, "\(kind.rawValue)/\(about)")
        let put = { @Sendable (writer: any StoreWriter) in
            _ = try outbox.put(.alert(text: "vendlock: \(whole)"), account: nil, cause: cause, now: now, in: writer)
        }
        if let writer { try put(writer) } else { environment.store.writeLater(put) }
    }

    /// Outside a transaction nothing can fail.
    func raise(_ kind: Kind, _ text: String, about: String = "") {
        do { try raise(kind, text, about: about, in: nil) } catch { preconditionFailure("nothing is written here: \(error)") }
    }

    /// For the log, which many people read: of a number or reference only its end.
    static func masked(_ text: String) -> String {
        var masked = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            let digits = word.filter(\.isNumber)
            masked += (masked.isEmpty ? "" : " ") + (digits.count >= 7 ? "…" + digits.suffix(4) : String(word))
        }
        return masked
    }
}
