import Store
package import Wire

extension Devices {
    /// Ends a device's enrolment, so that it can enrol with a new key: its old one was lost with its disk or its board.
    ///
    /// Its sessions end at once, because they are bound to the key; a lease that it holds runs out. What keeps it locked (holds, their revisions)
    /// and what counts its events stays.
    package func endEnrolment(of imei: IMEI, note: String, by actor: Actor) throws -> DeviceBody {
        let note = note.trimmed
        guard !note.isEmpty, note.count <= 500 else {
            throw Problem(.textRequired, "Say why the enrolment is ended in 'note' (1 to 500 characters).")
        }
        let now = environment.now
        return try environment.store.write { writer in
            var device = try Self.existing(imei, in: writer)
            guard device.publicKey != nil else {
                throw Problem(.notEnrolled, "The device \(imei) is not enrolled. Nothing was changed: issue an enrolment code for it.")
            }
            device.publicKey = nil
            device.enrolledChannel = nil
            try writer.updateDevice(device)
            try Self.note("enrolment_ended", "Enrolment of device \(imei) ended: \(note)", on: device, by: actor, at: now, in: writer)
            try writer.touch(.device(imei))
            return try self.body(of: device, in: writer)
        }
    }

    /// On the device's record and on that of the account that it is used on, where staff look.
    static func note(
        _ kind: String, _ text: String, on device: DeviceRecord, by actor: Actor, at now: Timestamp, in writer: any StoreWriter
    ) throws {
        try writer.appendNote(actor.note(on: .device(device.imei), at: now, kind: kind, text: text))
        guard let reference = device.governing, try writer.account(reference) != nil else { return }
        try writer.appendNote(actor.note(on: .account(reference), at: now, kind: kind, text: text))
    }
}
