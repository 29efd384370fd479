import Messaging
import Store
import Wire

/// Puts what is to be sent into the store, in the transaction that decided it: nothing is said that is not durable, and nothing is forgotten.
struct Outbox: Sendable {
    let configuration: MessagingConfiguration
    let webhooks: Webhooks

    init(configuration: MessagingConfiguration) {
        self.configuration = configuration
        webhooks = Webhooks(configuration.webhooks)
    }

    /// - Returns: its number; `nil` when the provider is not configured for sending, or the same waits already.
    @discardableResult
    ///
    /// - Parameters:
    ///   - encoded: the job as JSON, where that was made before the transaction.
    ///   - isNew: no other can wait with this cause, so none is looked for.
    func put(
        _ job: Job, encoded: [UInt8]? = nil, account: AccountReference?, cause: String? = nil, now: Timestamp, notBefore: Timestamp? = nil,
        isNew: Bool = false,
        in writer: any StoreWriter
    ) throws -> Int64? {
        guard configuration.sends(job.provider) else { return nil }
        if let cause, !isNew, try writer.openOutbox(lane: job.lane, cause: cause).contains(where: { $0.state == .waiting }) { return nil }
        return try writer.enqueue(
            OutboxRecord(
                lane: job.lane, provider: job.provider.rawValue, job: encoded ?? JSON.encode(job), account: account, cause: cause, createdAt: now,
                notBefore: notBefore ?? now, changedAt: now))
    }

    @discardableResult
    func say(
        _ saying: Saying, to address: ReplyAddress?, account: AccountReference?, now: Timestamp, notBefore: Timestamp? = nil,
        in writer: any StoreWriter
    ) throws -> Int64? {
        guard let address else { return nil }
        return try put(.say(saying, to: address), account: account, cause: saying.cause, now: now, notBefore: notBefore, in: writer)
    }

    /// A message to a number that wrote nothing: by WhatsApp where that is configured, else by SMS.
    @discardableResult
    func notify(_ number: String, _ saying: Saying, account: AccountReference?, now: Timestamp, in writer: any StoreWriter) throws -> Int64? {
        try say(saying, to: address(of: number), account: account, now: now, in: writer)
    }

    func address(of number: String) -> ReplyAddress? {
        if configuration.sends(.whatsapp), configuration.whatsapp?.phoneNumberID != nil {
            return ReplyAddress(provider: .whatsapp, to: String(number.drop { $0 == "+" }))
        }
        return configuration.smsProvider.map { ReplyAddress(provider: $0, to: number) }
    }
}

extension Outbox {
    /// Freshchat: what follows an answer that settles the matter. Two steps, each tried again by itself.
    func closeConversation(_ conversation: String, account: AccountReference?, now: Timestamp, in writer: any StoreWriter) throws {
        try put(.freshchatGroup(conversation: conversation), account: account, now: now, in: writer)
        try put(.freshchatResolve(conversation: conversation), account: account, now: now, in: writer)
    }
}
