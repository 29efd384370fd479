import Messaging
package import Store
package import Wire

/// One message that came in; its text is not kept.
package struct ReceivedBody: Codable, Sendable {
    package var provider: String
    package var id: String
    package var sender: String
    package var received_at: Timestamp
    package var sent_at: Timestamp?
    package var outcome: String

    package init(_ message: MessageRecord) {
        provider = message.provider
        id = message.id
        sender = message.sender
        received_at = message.receivedAt
        sent_at = message.sentAt
        outcome = message.outcome
    }
}

/// One thing that was sent, or waits to be.
package struct OutboxBody: Codable, Sendable {
    package var number: Int64
    package var provider: String
    /// What it is, and to whom.
    package var what: String
    package var account: AccountReference?
    package var state: String
    package var created_at: Timestamp
    package var changed_at: Timestamp
    package var next_try_at: Timestamp?
    package var attempts: Int
    package var provider_id: String?
    package var failure: String?

    package init(_ record: OutboxRecord) {
        number = record.number
        provider = record.provider
        // A row that a newer program wrote is listed all the same.
        what = (try? JSON.decode(Job.self, from: record.job))?.summary ?? "unknown"
        account = record.account
        state = record.state.rawValue
        created_at = record.createdAt
        changed_at = record.changedAt
        next_try_at = record.state == .waiting ? record.notBefore : nil
        attempts = record.attempts
        provider_id = record.providerID
        failure = record.failure
    }
}

package struct OutboxListBody: Codable, Sendable {
    package var messages: [OutboxBody]
    package var next: String?
}

package struct AccountMessagesBody: Codable, Sendable {
    package var received: [ReceivedBody]
    package var sent: [OutboxBody]
}
