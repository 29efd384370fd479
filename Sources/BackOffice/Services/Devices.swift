import Store
import Signing
package import Wire

/// Terminals: registration, enrolment codes, and what is known of each.
package struct Devices: Sendable {
    let environment: Environment
    private let lastSeen: LastSeen
    let counts = CountState()
    /// How long an enrolment code is good for.
    package static let codeLife = Duration.seconds(24 * 3600)

    package init(environment: Environment, lastSeen: LastSeen) {
        self.environment = environment
        self.lastSeen = lastSeen
    }

    /// Makes the device known, registered to an account or to none. One that is known and registered to none may be registered here later.
    /// - Returns: the device, and whether it is new.
    package func register(_ body: NewDeviceBody, by actor: Actor) throws -> (DeviceBody, isNew: Bool) {
        let now = environment.now
        return try environment.store.write { writer in
            if let reference = body.account { try Accounts.requireOpen(Accounts.existing(reference, in: writer)) }
            let known = try writer.device(body.imei)
            if let known {
                if let owner = known.registeredTo, owner != body.account {
                    throw Problem(.registeredToAnotherAccount, "This device is registered to another account. A senior must move it.")
                }
                guard known.registeredTo == nil, body.account != nil else {
                    throw Problem(.deviceExists, "The device \(body.imei) is known already.")
                }
            }
            guard try !writer.isStaged(body.imei) else {
                throw Problem(.registeredToAnotherAccount, "An import that is under way registers this device. Try again when it has ended.")
            }
            let revision = try writer.nextRevision(now: now)
            let device = try Self.register(
                body.imei, known: known, to: body.account, model: body.model, revision: revision, by: actor, at: now, in: writer)
            return (try self.body(of: device, in: writer), known == nil)
        }
    }

    /// All that belongs to a registration, in the caller's transaction.
    /// - Parameter known: the device as it is stored, registered to none; `nil` for a new one.
    static func register(
        _ imei: IMEI, known: DeviceRecord?, to reference: AccountReference?, model: String?, revision: Revision, by actor: Actor, at now: Timestamp,
        in writer: any StoreWriter
    ) throws -> DeviceRecord {
        var device = known ?? DeviceRecord(imei: imei, revision: revision, createdAt: now)
        device.revision = revision
        device.model = model ?? device.model
        device.registeredTo = reference
        device.registeredAt = reference == nil ? nil : now
        device.claimed = nil
        device.seatedAt = nil
        if known == nil { try writer.insertDevice(device) } else { try writer.updateDevice(device) }
        // Another device may lose or gain its place on either account, so their revisions rise too.
        for account in Set([reference, known?.claimed].compactMap { $0 }) { try raise(account, to: revision, in: writer) }
        let text = "Device \(imei) registered to \(reference?.text ?? "no account")."
        try writer.appendNote(actor.note(on: .device(imei), at: now, kind: "device_registered", text: text))
        if let reference { try writer.appendNote(actor.note(on: .account(reference), at: now, kind: "device_registered", text: text)) }
        try writer.touch(.device(imei))
        return device
    }

    package func show(_ imei: IMEI) throws -> DeviceBody {
        try environment.store.read { reader in try body(of: Self.existing(imei, in: reader), in: reader) }
    }

    /// A one-time code, shown once; only its hash is kept.
    package func enrolmentCode(for imei: IMEI, by actor: Actor) throws -> EnrolmentCodeBody {
        let code = try Self.newCode()
        let now = environment.now
        let expires = now.adding(Self.codeLife)
        try environment.store.write { writer in
            let device = try Self.existing(imei, in: writer)
            try writer.insertEnrolmentCode(EnrolmentCodeRecord(codeHash: Self.hash(ofCode: code), imei: imei, expiresAt: expires))
            let subject = device.registeredTo.map(Subject.account) ?? .device(imei)
            try writer.appendNote(
                actor.note(
                    on: subject, at: now, kind: "enrolment_code_issued", text: "Enrolment code issued for device \(imei), good until \(expires)."))
        }
        return EnrolmentCodeBody(code: code, expires_at: expires)
    }

    static func existing(_ imei: IMEI, in reader: any StoreReader) throws -> DeviceRecord {
        guard let device = try reader.device(imei) else {
            throw Problem(.deviceNotFound, "The device \(imei) is not known. POST /v1/devices makes it known.")
        }
        return device
    }

    /// Enrolled, and silent since its last lease ran out.
    func isOverdue(_ device: DeviceRecord, now: Timestamp) -> Bool {
        guard device.publicKey != nil, !device.isDecommissioned else { return false }
        return lastSeen.isOverdue(device, now: now)
    }

    static func raise(_ reference: AccountReference, to revision: Revision, in writer: any StoreWriter) throws {
        guard var account = try writer.account(reference) else { return }
        account.revision = revision
        try writer.updateAccount(account)
        try writer.touch(.account(reference))
    }

    /// Case, spaces and dashes do not count: a field agent types the code from a telephone call.
    static func hash(ofCode code: String) -> [UInt8] {
        Digest.sha256(Array(code.uppercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: " ") }))
    }

    /// 60 bits as 12 letters and digits that are not mistaken for one another (Crockford's base 32).
    private static func newCode() throws -> String {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        let letters = try RandomBytes.make(12).map { alphabet[Int($0 & 31)] }
        return [letters[0..<4], letters[4..<8], letters[8..<12]].map { String($0) }.joined(separator: "-")
    }

    func body(of device: DeviceRecord, in reader: any StoreReader) throws -> DeviceBody {
        let seen = lastSeen.time(of: device)
        let location = try reader.lastFix(of: device.imei)?.event
        return DeviceBody(
            imei: device.imei, account: device.registeredTo, claimed_account: device.registeredTo == nil ? device.claimed : nil,
            model: device.model, enrolled: device.publicKey != nil, decommissioned: device.isDecommissioned,
            agent_version: device.agentVersion, holds: try reader.standingHolds(on: .device(device.imei)).map(HoldBody.init), last_seen: seen,
            overdue: isOverdue(device, now: environment.now), last_location: location.flatMap(Self.location),
            last_cell: try reader.lastCell(of: device.imei).flatMap(CellBody.init), revision: device.revision,
            created_at: device.createdAt)
    }

    private static func location(_ event: TerminalEvent) -> DeviceBody.Location? {
        guard let lat = event.lat, let lon = event.lon else { return nil }
        return DeviceBody.Location(lat: lat, lon: lon, accuracy_m: event.accuracy_m, source: event.source, fixed_at: event.fixed_at)
    }
}
