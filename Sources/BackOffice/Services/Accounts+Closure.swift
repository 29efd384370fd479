import Store
package import Wire

extension Accounts {
    /// Ends an account's part in everything until it is reopened: a hold that nothing else releases, and no device is left on it.
    package func close(_ reference: AccountReference, note: String, by actor: Actor) throws -> AccountBody {
        let note = try Self.closureNote(note, "Say why the account is closed")
        let now = environment.now
        let hold = try Identifier.make("hold", at: now)
        let body = try environment.store.write { writer in
            let account = try Self.existing(reference, in: writer)
            try Self.requireOpen(account)
            // Before the devices go: the terminals that are to confirm the lock are the account's.
            let placed = try Holds.insert(
                .staff, on: .account(reference), reason: "Account closed: \(note)", by: actor, id: hold, telling: outbox, now: now, in: writer)
            try LockWatches.begin(placed, in: writer)
            try writer.insertClosure(ClosureRecord(account: reference, holdID: hold, closedAt: now))
            try Self.takeOff(try writer.allDevices(of: reference), reference, by: actor, at: now, in: writer)
            try writer.appendNote(actor.note(on: .account(reference), at: now, kind: "account_closed", text: "Account closed: \(note)"))
            return try self.body(of: Self.existing(reference, in: writer), in: writer)
        }
        let committed = environment.now
        environment.store.writeLater { try $0.markCommitted(hold: hold, at: committed) }
        environment.metrics.locks.increment(actor.via)
        return body
    }

    /// Opens a closed account again. Its devices must be registered anew, and holds that others placed stand.
    package func reopen(_ reference: AccountReference, note: String, by actor: Actor) throws -> AccountBody {
        let note = try Self.closureNote(note, "Say why the account is reopened")
        let now = environment.now
        return try environment.store.write { writer in
            _ = try Self.existing(reference, in: writer)
            guard let closure = try writer.closure(of: reference) else {
                throw Problem(.accountOpen, "The account \(reference) is not closed. Nothing was changed.")
            }
            let revision = try writer.raiseRevision(of: .account(reference), now: now)
            try writer.releaseHold(closure.holdID, at: now, by: actor.name)
            if let hold = try writer.hold(closure.holdID) {
                try outbox.tellReleased(hold, revision: revision, source: actor.via, now: now, in: writer)
            }
            try writer.removeClosure(of: reference)
            try writer.appendNote(actor.note(on: .account(reference), at: now, kind: "account_reopened", text: "Account reopened: \(note)"))
            try writer.touch(.account(reference))
            return try self.body(of: Self.existing(reference, in: writer), in: writer)
        }
    }

    /// - Throws: `account_closed`.
    static func requireOpen(_ account: AccountRecord) throws {
        guard let closed = account.closedAt else { return }
        throw Problem(
            .accountClosed,
            "The account \(account.reference) has been closed since \(closed). A senior reopens it: DELETE …/\(account.reference)/closure.")
    }

    private static func closureNote(_ text: String, _ ask: String) throws -> String {
        let note = text.trimmed
        guard !note.isEmpty, note.count <= 500 else { throw Problem(.textRequired, "\(ask) in 'note' (1 to 500 characters).") }
        return note
    }

    /// Registered devices are registered to none, signed-in ones signed out; each hears of it at once.
    private static func takeOff(
        _ devices: [DeviceRecord], _ reference: AccountReference, by actor: Actor, at now: Timestamp, in writer: any StoreWriter
    ) throws {
        for var device in devices {
            let wasRegistered = device.registeredTo != nil
            device.registeredTo = nil
            device.registeredAt = nil
            device.claimed = nil
            device.seatedAt = nil
            // Above the hold's, so that a terminal that confirms this has seen that.
            device.revision = try writer.nextRevision(now: now)
            try writer.updateDevice(device)
            let text = "Device \(device.imei) \(wasRegistered ? "taken off" : "signed out of") \(reference): the account was closed."
            let kind = wasRegistered ? "device_unregistered" : "signed_out"
            try writer.appendNote(actor.note(on: .device(device.imei), at: now, kind: kind, text: text))
            try writer.appendNote(actor.note(on: .account(reference), at: now, kind: kind, text: text))
            try writer.touch(.device(device.imei))
        }
    }
}

extension StoreReader {
    /// Those of the account, decommissioned ones too.
    func allDevices(of reference: AccountReference) throws -> [DeviceRecord] {
        try imeis(of: reference).compactMap { try device($0) }
    }
}
