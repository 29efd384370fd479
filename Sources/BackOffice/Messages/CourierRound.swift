import HTTPClient
import Messaging
import Platform
import Store
import Wire

/// What the courier's thread does, round after round: begins what is due, waits, settles what has finished.
final class CourierRound {
    /// A request that is with a provider.
    struct Underway {
        var record: OutboxRecord
        let job: Job
        let isRepeatable: Bool
        /// Set while a page of Freshchat's groups is asked for, which comes before the assignment.
        let groupPage: Int?
    }

    let desk: MessageDesk
    let transfers = TransferLoop(options: HTTPClientOptions(connectTimeout: .seconds(5), keptConnections: 16))
    var underway: [TransferID: Underway] = [:]
    var paces: [Provider: Pace] = [:]
    /// Freshchat's identifier of the configured group, kept for an hour.
    var freshchatGroup: (id: String, until: Timestamp)?
    /// The next page of groups to look at.
    var groupPage = 1

    /// Transfers at once.
    private static let most = 32
    /// For one exchange with a provider.
    static let timeout = Duration.seconds(20)
    /// No more than so often is the store asked what is due, however often somebody wakes the courier.
    private static let rest = Duration.milliseconds(10)
    private var lookedAt: Uptime?

    init(desk: MessageDesk) { self.desk = desk }

    var environment: Environment { desk.environment }

    func run(_ wakeup: Wakeup) {
        var wait = Duration.seconds(1)
        do {
            wait = try begin()
        } catch {
            Log.error("outbox: \(error)")
        }
        let (isWoken, finished) = transfers.poll(extraFD: wakeup.descriptor, timeout: wait)
        if isWoken {
            // Reading an event that polled readable does not fail, and if it did the next round would look as well.
            _ = try? wakeup.taken()
        }
        for (id, result) in finished { settle(id, result) }
    }

    /// Begins what is due, as far as the paces and free places go.
    ///
    /// - Returns: how long there is nothing more to begin.
    private func begin() throws -> Duration {
        if let lookedAt, Uptime.now() - lookedAt < Self.rest { return Self.rest }
        lookedAt = Uptime.now()
        let now = environment.now
        let free = Self.most - underway.count
        guard free > 0 else { return .seconds(1) }
        let due = try environment.store.read { try $0.dueOutbox(now: now, limit: free) }
        let open = due.filter { record in
            guard let provider = Provider(rawValue: record.provider) else { return true }
            return paces[provider, default: Pace(of: provider)].take(at: Uptime.now())
        }
        if !open.isEmpty { try begin(open, now: now) }
        if open.count < due.count { return .milliseconds(100) }
        guard let next = try environment.store.read({ try $0.nextOutboxTime() }) else { return .seconds(1) }
        // In a test the clock is moved by hand, so never longer than a second.
        return max(Self.rest, min(.seconds(1), .milliseconds(next.unixMilliseconds - environment.now.unixMilliseconds)))
    }
}

/// A token bucket: how fast a provider is asked.
struct Pace {
    private let perSecond: Double
    private let burst: Double
    private var tokens: Double
    private var filledAt = Uptime.now()

    init(perSecond: Double, burst: Double) {
        self.perSecond = perSecond
        self.burst = burst
        tokens = burst
    }

    /// WhatsApp: 80 a second and number; Freshchat's limit depends on the plan and is not published, so about one a second.
    init(of provider: Provider) {
        switch provider {
        case .whatsapp: self.init(perSecond: 70, burst: 70)
        case .freshchat: self.init(perSecond: 1, burst: 30)
        case .twilio, .africastalking, .clickatell, .ussd: self.init(perSecond: 10, burst: 20)
        case .alerts: self.init(perSecond: 1, burst: 5)
        }
    }

    mutating func take(at now: Uptime) -> Bool {
        let seconds = Double((now - filledAt).nanoseconds) / 1e9
        tokens = min(burst, tokens + max(0, seconds) * perSecond)
        filledAt = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
