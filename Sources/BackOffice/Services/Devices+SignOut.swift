import Store
package import Wire

extension Devices {
    /// Takes an unregistered device off the account that it signed in to, so that another gets its seat.
    ///
    /// Its session ends at once. It may sign in again where a seat is free: what keeps a stolen one out is a hold on it.
    package func signOut(_ imei: IMEI, note: String, by actor: Actor) throws -> DeviceBody {
        let note = note.trimmed
        guard !note.isEmpty, note.count <= 500 else {
            throw Problem(.textRequired, "Say why the device is signed out in 'note' (1 to 500 characters).")
        }
        let now = environment.now
        return try environment.store.write { writer in
            var device = try Self.existing(imei, in: writer)
            guard device.registeredTo == nil, let left = device.claimed else {
                throw Problem(
                    .notSignedIn, "The device \(imei) is not signed in to an account. Only one that is registered to none can be signed out.")
            }
            let revision = try writer.nextRevision(now: now)
            device.claimed = nil
            device.seatedAt = nil
            device.revision = revision
            try writer.updateDevice(device)
            try Self.raise(left, to: revision, in: writer)
            let text = "Device \(imei) signed out of \(left): \(note)"
            try writer.appendNote(actor.note(on: .device(imei), at: now, kind: "signed_out", text: text))
            if try writer.account(left) != nil {
                try writer.appendNote(actor.note(on: .account(left), at: now, kind: "signed_out", text: text))
            }
            // It is the account's no longer, so the account's change does not name it.
            try writer.touch(.device(imei))
            return try self.body(of: device, in: writer)
        }
    }
}
