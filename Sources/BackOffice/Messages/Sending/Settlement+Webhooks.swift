import Messaging
import Store
import Wire

/// What other systems will not be told any more.
extension Settlement {
    /// At a time: locks wait for each transaction.
    private static let mostTogether = 500

    /// Given up with it is what waits behind it: when nothing goes to the endpoint any more, all of that; else what is as old, because each would
    /// hold up the next for nothing. Everything stays in the outbox's list; of the notes there is one an hour for each endpoint.
    func loseEvents(
        _ record: OutboxRecord, _ message: WebhookMessage, _ why: String, alarm: Bool, now: Timestamp, in writer: any StoreWriter
    ) throws -> Verdict {
        let isShut = outbox.webhooks.open(message.endpoint) == nil
        let others = try writer.giveUpOutbox(
            lane: record.lane, after: record.number, madeBy: isShut ? now : now.adding(.zero - StandardWebhook.longest), failure: why, at: now,
            limit: Self.mostTogether)
        let behind = others == 0 ? "" : " \(others) more that waited behind it are given up too."
        let text = "Not told by webhook: \(message.summary), after \(record.attempts) attempts: \(why).\(behind)"
        try notes.record(
            Actor.system.officeNote(at: now, kind: "webhook_undelivered", text: text), as: message.endpoint, now: now, in: writer)
        return Verdict(count: "undelivered", counted: 1 + others, alarm: alarm ? why : nil, lost: text)
    }

    /// The next attempt; `nil` when the last was made. The last is at the end of the time that an event is worth telling.
    static func nextTelling(_ record: OutboxRecord, after asked: Duration?, now: Timestamp) -> Timestamp? {
        let end = record.createdAt.adding(StandardWebhook.longest)
        guard now < end else { return nil }
        let pause = asked ?? StandardWebhook.pause(after: record.attempts, spread: Double(record.number % 64) / 64)
        return min(end, now.adding(pause))
    }
}
