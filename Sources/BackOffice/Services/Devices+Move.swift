import Store
package import Wire

extension Devices {
    /// Registers a registered device to another account, in one step: no moment in which it is registered to both or to none.
    ///
    /// What is on the device (holds, enrolment, events) goes with it; what is on the accounts stays there. Its terminal hears of it at once.
    package func move(_ imei: IMEI, _ body: DeviceMoveBody, by actor: Actor) throws -> DeviceBody {
        let note = body.note.trimmed
        guard !note.isEmpty, note.count <= 500 else {
            throw Problem(.textRequired, "Say why the device is moved in 'note' (1 to 500 characters).")
        }
        let target = body.account
        let ticket = body.ticket.map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
        let now = environment.now
        return try environment.store.write { writer in
            var device = try Self.existing(imei, in: writer)
            guard !device.isDecommissioned else {
                throw Problem(.alreadyDecommissioned, "The device \(imei) has been taken out of service. Nothing was changed.")
            }
            guard let left = device.registeredTo else {
                throw Problem(.notRegistered, "The device \(imei) is registered to no account. Register it: POST /v1/devices.")
            }
            guard left != target else {
                throw Problem(.alreadyThere, "The device \(imei) is registered to \(target) already. Nothing was changed.")
            }
            try Accounts.requireOpen(Accounts.existing(target, in: writer))
            let revision = try writer.nextRevision(now: now)
            device.registeredTo = target
            device.registeredAt = now
            device.claimed = nil
            device.seatedAt = nil
            device.revision = revision
            try writer.updateDevice(device)
            // Other devices gain its place there and lose one here.
            for account in [left, target] { try Self.raise(account, to: revision, in: writer) }
            // Where it goes may be locked: those locks are its own now, and it is to confirm them.
            if device.publicKey != nil { try Connections.addDeliveries(to: imei, of: target, revision: revision, in: writer) }
            let text = "Device \(imei) moved from \(left) to \(target): \(note)"
            for subject in [Subject.device(imei), .account(left), .account(target)] {
                try writer.appendNote(actor.note(on: subject, at: now, kind: "device_moved", text: text, ticket: ticket))
            }
            try writer.touch(.device(imei))
            return try self.body(of: device, in: writer)
        }
    }
}
