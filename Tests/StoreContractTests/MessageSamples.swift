import Store
import Wire

extension MessageRecord {
    static func sample(
        _ id: String, from sender: String = "+27711234567", at milliseconds: Int64 = 0, account: AccountReference? = .sample(1)
    ) -> MessageRecord {
        MessageRecord(
            provider: "whatsapp", id: id, sender: sender, receivedAt: .start(milliseconds), sentAt: nil, outcome: "locked", account: account)
    }
}

extension OutboxRecord {
    static func sample(
        lane: String = "+27711234567", at milliseconds: Int64 = 0, provider: String = "whatsapp", account: AccountReference? = nil,
        cause: String? = nil, state: State = .waiting
    ) -> OutboxRecord {
        OutboxRecord(
            lane: lane, provider: provider, job: Array(#"{"text":"locked"}"#.utf8), account: account, cause: cause, state: state,
            createdAt: .start(milliseconds), notBefore: .start(milliseconds), changedAt: .start(milliseconds))
    }
}

extension DrillRecord {
    static func sample(_ id: String, of number: Int = 1, revision: Revision = 5, at milliseconds: Int64 = 0) -> DrillRecord {
        DrillRecord(
            id: id, account: .sample(number), revision: revision, requestedBy: "desk-1", source: "api", requestedAt: .start(milliseconds))
    }
}

extension NumberChangeRecord {
    static func sample(_ id: String, of number: Int = 1) -> NumberChangeRecord {
        NumberChangeRecord(
            id: id, account: .sample(number), oldNumber: "+27711234567", newNumber: "+27711234568", reason: "lost SIM",
            requestedBy: "desk-1", requestedAt: .start())
    }
}

extension StoreWriter {
    /// Changes one row of the outbox as a sender does: reads it, changes it, writes it.
    func changeOutbox(_ number: Int64, _ change: (inout OutboxRecord) -> Void) throws {
        guard var record = try outbox(number) else { throw StoreError(code: .notFound, operation: "change", detail: "no row \(number)") }
        change(&record)
        try updateOutbox(record)
    }
}
