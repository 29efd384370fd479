import Store
package import Wire

extension Devices {
    /// Takes a device out of service for good: its next lease is locked, and its place on the account is free.
    package func decommission(_ imei: IMEI, note: String, by actor: Actor) throws -> DeviceBody {
        let note = note.trimmed
        guard !note.isEmpty, note.count <= 500 else {
            throw Problem(.textRequired, "Say why the device is taken out of service in 'note' (1 to 500 characters).")
        }
        let now = environment.now
        return try environment.store.write { writer in
            var device = try Self.existing(imei, in: writer)
            guard !device.isDecommissioned else {
                throw Problem(.alreadyDecommissioned, "The device \(imei) has been taken out of service before. Nothing was changed.")
            }
            try Self.decommission(&device, note: note, by: actor, now: now, in: writer)
            return try self.body(of: device, in: writer)
        }
    }

    /// All that belongs to it, in the caller's transaction.
    static func decommission(
        _ device: inout DeviceRecord, note: String, by actor: Actor, now: Timestamp, in writer: any StoreWriter
    ) throws {
        let revision = try writer.nextRevision(now: now)
        device.isDecommissioned = true
        device.revision = revision
        try writer.updateDevice(device)
        // Another device gains its place, so the account's revision rises too, and its other devices hear of it.
        if let reference = device.governing { try raise(reference, to: revision, in: writer) }
        try Self.note("device_decommissioned", "Device \(device.imei) taken out of service: \(note)", on: device, by: actor, at: now, in: writer)
        try writer.touch(.device(device.imei))
    }
}
