package import Store
package import Wire

/// Locks: places and releases holds, and shows how far each has come.
package struct Holds: Sendable {
    let environment: Environment
    private let lastSeen: LastSeen
    let outbox: Outbox

    init(environment: Environment, lastSeen: LastSeen, outbox: Outbox) {
        self.environment = environment
        self.lastSeen = lastSeen
        self.outbox = outbox
    }

    /// Places a hold and returns when it is on disk and the parked terminals are woken.
    package func place(_ kind: HoldKind, on subject: Subject, reason: String, by actor: Actor) throws -> HoldBody {
        let reason = reason.trimmed
        guard !reason.isEmpty, reason.count <= 500 else {
            throw Problem(.textRequired, "Give the reason for the lock in 'reason' (1 to 500 characters).")
        }
        let requested = environment.now
        let id = try Identifier.make("hold", at: requested)
        var hold = try environment.store.write { [outbox] writer in
            let placed = try Self.insert(kind, on: subject, reason: reason, by: actor, id: id, telling: outbox, now: requested, in: writer)
            try LockWatches.begin(placed, in: writer)
            return placed.hold
        }
        let committed = environment.now
        environment.store.writeLater { try $0.markCommitted(hold: id, at: committed) }
        environment.metrics.locks.increment(actor.via)
        hold.committedAt = committed
        return HoldBody(hold)
    }

    /// A hold as it was placed inside a transaction.
    struct Placed: Sendable {
        var hold: HoldRecord
        /// The terminals that are to confirm it.
        var terminals: [IMEI]
        var noteID: Int64
    }

    /// All that belongs to a new hold, in the caller's transaction: revision, deliveries, note, webhooks. `LockWatches.begin` belongs to it.
    static func insert(
        _ kind: HoldKind, on subject: Subject, reason: String, by actor: Actor, id: String, telling outbox: Outbox, now: Timestamp,
        in writer: any StoreWriter
    ) throws -> Placed {
        let revision = try raise(subject, in: writer, now: now)
        let hold = HoldRecord(
            id: id, subject: subject, kind: kind, reason: reason, placedBy: actor.name, source: actor.via, requestedAt: now, revision: revision)
        try writer.insertHold(hold)
        let terminals = try terminals(of: subject, in: writer)
        for imei in terminals { try writer.insertDelivery(DeliveryRecord(holdID: id, imei: imei, revision: revision)) }
        let note = try note("hold_placed", "Locked (\(kind.rawValue)): \(reason)", on: subject, by: actor, at: now, in: writer)
        try writer.touch(subject)
        try outbox.tellPlaced(hold, now: now, in: writer)
        return Placed(hold: hold, terminals: terminals, noteID: note)
    }

    /// Each lock of an account, newest first, with what its terminals have received and enforce.
    package func locks(of reference: AccountReference, before: String?, limit: Int) throws -> LockListBody {
        try environment.store.read { reader in
            _ = try Accounts.existing(reference, in: reader)
            let holds = try reader.holds(on: .account(reference), before: before, limit: limit)
            return LockListBody(
                locks: try holds.map { try lock($0, in: reader) }, next: holds.count == limit ? holds.last?.id : nil)
        }
    }

    private func lock(_ hold: HoldRecord, in reader: any StoreReader) throws -> LockBody {
        let terminals = try reader.deliveries(ofHold: hold.id).map { delivery in
            let device = try reader.device(delivery.imei)
            let isOpen = delivery.enforcedAt == nil
            let unused = isOpen ? try reader.codeKey(of: delivery.imei)?.unusedHours ?? 0 : 0
            return LockBody.Terminal(
                imei: .whole(delivery.imei), delivered_at: delivery.deliveredAt, enforced_at: delivery.enforcedAt,
                time_to_lock_ms: delivery.enforcedAt.map { max(0, $0.unixMilliseconds - (hold.committedAt ?? hold.requestedAt).unixMilliseconds) },
                last_seen: device.flatMap(lastSeen.time),
                spends_until: isOpen ? try device.flatMap { try lastSeen.spendingEnd(of: $0, in: reader, now: environment.now) } : nil,
                unused_code_hours: unused > 0 ? unused : nil)
        }
        return LockBody(
            id: hold.id, kind: hold.kind, reason: hold.reason, placed_by: hold.placedBy, source: hold.source, revision: hold.revision,
            requested_at: hold.requestedAt, committed_at: hold.committedAt, released_at: hold.releasedAt, terminals: terminals)
    }

    /// On the subject's record, and a device's also on the record of the account that it is used on, where staff look.
    ///
    /// - Returns: the identifier of the subject's own note.
    @discardableResult
    static func note(
        _ kind: String, _ text: String, on subject: Subject, by actor: Actor, at now: Timestamp, in writer: any StoreWriter
    ) throws -> Int64 {
        let own = try writer.appendNote(actor.note(on: subject, at: now, kind: kind, text: text))
        guard case .device(let imei) = subject, let reference = try Devices.existing(imei, in: writer).governing,
            try writer.account(reference) != nil
        else { return own.id }
        try writer.appendNote(actor.note(on: .account(reference), at: now, kind: kind, text: "Device \(imei): \(text)"))
        return own.id
    }

    /// Gives the subject its next revision; one that is not there is a problem.
    static func raise(_ subject: Subject, in writer: any StoreWriter, now: Timestamp) throws -> Revision {
        do {
            return try writer.raiseRevision(of: subject, now: now)
        } catch let failure as StoreError where failure.code == .notFound {
            switch subject {
            case .account(let reference): _ = try Accounts.existing(reference, in: writer)
            case .device(let imei): _ = try Devices.existing(imei, in: writer)
            }
            throw failure
        }
    }

    /// The enrolled terminals that a hold on the subject reaches.
    private static func terminals(of subject: Subject, in writer: any StoreWriter) throws -> [IMEI] {
        switch subject {
        case .account(let reference): try writer.enrolledDevices(of: reference)
        case .device(let imei): try Devices.existing(imei, in: writer).publicKey == nil ? [] : [imei]
        }
    }
}
