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
    var paces: [Queue: Pace] = [:]
    /// Freshchat's identifier of the configured group, kept for an hour.
    var freshchatGroup: (id: String, until: Timestamp)?
    /// The next page of groups to look at.
    var groupPage = 1

    /// What the store could not keep yet: until then the row is `sending`, and its lane waits.
    var unsettled: [(underway: Underway, outcome: SendOutcome)] = []
    var lookedDeepAt: Uptime?

    /// No more than so often is the store asked what is due, however often somebody wakes the courier.
    private static let rest = Duration.milliseconds(10)
    private var lookedAt: Uptime?

    init(desk: MessageDesk) { self.desk = desk }

    var environment: Environment { desk.environment }

    func run(_ wakeup: Wakeup) {
        var wait = Duration.seconds(1)
        do {
            let late = unsettled
            unsettled = []
            for one in late { settle(one.underway, one.outcome) }
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
        let due = try due(at: now)
        if !due.rows.isEmpty { try begin(due.rows, now: now) }
        if due.othersWait { return .milliseconds(100) }
        guard let next = try environment.store.read({ try $0.nextOutboxTime() }) else { return .seconds(1) }
        // In a test the clock is moved by hand, so never longer than a second.
        return max(Self.rest, min(.seconds(1), .milliseconds(next.unixMilliseconds - environment.now.unixMilliseconds)))
    }
}
