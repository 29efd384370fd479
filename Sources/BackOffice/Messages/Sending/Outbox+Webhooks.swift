import Messaging
import Store
import Wire

/// Events for other systems, each in the transaction that makes it: never lost, and never told before it is durable.
///
/// No number, name or text of a person is ever in them: whoever needs more asks the API, with a token.
extension Outbox {
    func tellPlaced(_ hold: HoldRecord, now: Timestamp, in writer: any StoreWriter) throws {
        try tell(Self.event(on: hold.subject, .accountLocked, .deviceLocked), now: now, in: writer) { data in
            try Self.write(hold, to: &data, in: writer)
            data.field("source", hold.source)
            data.field("revision", hold.revision)
            data.field("locked", true)
        }
    }

    /// - Parameter imei: of the terminal that confirms.
    func tellEnforced(_ hold: HoldRecord, on imei: IMEI, timeToLock: Int64, now: Timestamp, in writer: any StoreWriter) throws {
        // Of a lock that was released meanwhile nobody need hear that it was obeyed.
        guard hold.releasedAt == nil else { return }
        try tell(Self.event(on: hold.subject, .accountEnforced, .deviceEnforced), now: now, in: writer) { data in
            try Self.write(hold, terminal: imei, to: &data, in: writer)
            data.field("source", hold.source)
            data.field("revision", hold.revision)
            data.field("time_to_lock_ms", timeToLock)
        }
    }

    /// - Parameters:
    ///   - revision: that the release gave the subject.
    ///   - source: through what it was released.
    func tellReleased(_ hold: HoldRecord, revision: Revision, source: String, now: Timestamp, in writer: any StoreWriter) throws {
        try tell(Self.event(on: hold.subject, .accountUnlocked, .deviceUnlocked), now: now, in: writer) { data in
            try Self.write(hold, to: &data, in: writer)
            data.field("source", source)
            data.field("revision", revision)
            data.field("locked", try !writer.standingHolds(on: hold.subject).isEmpty)
        }
    }

    func tellChannels(of account: AccountRecord, source: String, now: Timestamp, in writer: any StoreWriter) throws {
        try tell(.accountChannelsChanged, now: now, in: writer) { data in
            data.field("account", account.reference.text)
            data.field("channels", account.lockedChannels.map(\.text))
            data.field("source", source)
            data.field("revision", account.revision)
        }
    }

    /// - Parameter change: the request that led to it; absent for an account's first number.
    func tellNumber(of account: AccountRecord, change: String?, source: String, now: Timestamp, in writer: any StoreWriter) throws {
        try tell(.numberChanged, now: now, in: writer) { data in
            data.field("account", account.reference.text)
            if let change { data.field("number_change", change) }
            data.field("source", source)
            data.field("revision", account.revision)
        }
    }

    /// - Parameter party: whose turn it is now.
    func tellRequest(_ request: RequestRecord, party: RequestParty, source: String, now: Timestamp, in writer: any StoreWriter) throws {
        try tell(.requestMoved, now: now, in: writer) { data in
            data.field("ticket", TicketNumber(request.number).description)
            data.field("kind", request.kind.rawValue)
            data.field("step", request.step.rawValue)
            data.field("waiting_for", party.rawValue)
            data.field("round", Int64(request.round))
            if let outcome = request.outcome { data.field("outcome", outcome.rawValue) }
            if let account = request.account { data.field("account", account.text) }
            if let imei = request.imei { data.field("imei", "\(imei)") }
            data.field("source", source)
        }
    }

    // MARK: How

    /// - Parameter data: what the event is about; not asked for when nobody listens.
    private func tell(
        _ event: WebhookEvent, now: Timestamp, in writer: any StoreWriter, _ data: (inout JSONObjectWriter) throws -> Void
    ) throws {
        let listeners = webhooks.listeners(to: event)
        guard !listeners.isEmpty else { return }
        var fields = JSONObjectWriter()
        try data(&fields)
        var body = JSONObjectWriter(capacity: 512)
        body.field("type", event.rawValue)
        body.field("timestamp", now.description)
        body.field("data", raw: fields.finish())
        let text = String(decoding: body.finish(), as: UTF8.self)
        let id = try Identifier.make("evt", at: now)
        for endpoint in listeners {
            let message = WebhookMessage(endpoint: endpoint.name, type: event.rawValue, id: id, body: text)
            try put(.webhook(message), encoded: message.encodedJob, account: nil, now: now, isNew: true, in: writer)
        }
    }

    private static func event(on subject: Subject, _ account: WebhookEvent, _ device: WebhookEvent) -> WebhookEvent {
        switch subject {
        case .account: account
        case .device: device
        }
    }

    private static func write(
        _ hold: HoldRecord, terminal: IMEI? = nil, to data: inout JSONObjectWriter, in reader: any StoreReader
    ) throws {
        switch hold.subject {
        case .account(let reference):
            data.field("account", reference.text)
            if let terminal { data.field("imei", "\(terminal)") }
        case .device(let imei):
            if let reference = try reader.device(imei)?.governing { data.field("account", reference.text) }
            data.field("imei", "\(imei)")
        }
        data.field("hold", hold.id)
        data.field("kind", hold.kind.rawValue)
    }
}
