import Store
package import Wire

/// What a terminal is asked for in its leases, until it has answered or the time is over.
///
/// A class, because memory keeps one place for each terminal, and hardly any is being asked.
final class OpenCommand: Sendable {
    let id: String
    let expiresAt: Timestamp

    init(_ request: LocationRequestRecord) {
        id = request.id
        expiresAt = request.expiresAt
    }

    /// As it stands in a lease; `nil` once it has expired.
    func command(now: Timestamp) -> TerminalCommand? { expiresAt > now ? TerminalCommand(id: id, kind: TerminalCommand.geolocate) : nil }
}

/// Asking terminals where they are.
package struct LocationRequests: Sendable {
    private let environment: Environment
    /// How long a terminal is asked: after that, its position says nothing about the moment of the question.
    static let life = Duration.seconds(3600)

    init(environment: Environment) { self.environment = environment }

    /// Staff ask one terminal.
    package func ask(_ imei: IMEI, by actor: Actor) throws -> LocationRequestBody {
        let now = environment.now
        let request = try environment.store.write { writer in
            let before = try open(imei, now: now, in: writer)
            let request = try ask(imei, now: now, in: writer)
            if before == nil {
                try Holds.note("location_requested", "Asked where it is.", on: .device(imei), by: actor, at: now, in: writer)
            }
            return request
        }
        return LocationRequestBody(request)
    }

    /// In the caller's transaction. A terminal that is being asked already is asked no second time.
    /// - Parameter again: gives a question that stands its whole time once more.
    func ask(_ imei: IMEI, renewing again: Bool = false, now: Timestamp, in writer: any StoreWriter) throws -> LocationRequestRecord {
        let device = try Devices.existing(imei, in: writer)
        guard device.publicKey != nil else {
            throw Problem(.notEnrolled, "The device \(imei) is not enrolled: nothing there could answer. Enrol it first.")
        }
        if var standing = try open(imei, now: now, in: writer) {
            guard again else { return standing }
            standing.expiresAt = now.adding(Self.life)
            try writer.putLocationRequest(standing)
            try writer.touch(.device(imei))
            return standing
        }
        let request = LocationRequestRecord(
            imei: imei, id: try Identifier.make("geo", at: now), askedAt: now, expiresAt: now.adding(Self.life))
        try writer.putLocationRequest(request)
        // A poll is answered when there is a new revision, so this brings the question to the terminal at once.
        _ = try writer.raiseRevision(of: .device(imei), now: now)
        try writer.touch(.device(imei))
        return request
    }

    /// The terminal has answered.
    func settle(_ imei: IMEI, in writer: any StoreWriter) throws {
        try writer.removeLocationRequest(of: imei)
        try writer.touch(.device(imei))
    }

    /// Forgets the questions whose time is over.
    func endExpired(now: Timestamp) throws {
        guard try environment.store.read({ try !$0.expiredLocationRequests(now: now, limit: 1).isEmpty }) else { return }
        try environment.store.write { writer in
            for request in try writer.expiredLocationRequests(now: now, limit: 100) { try settle(request.imei, in: writer) }
        }
    }

    private func open(_ imei: IMEI, now: Timestamp, in reader: any StoreReader) throws -> LocationRequestRecord? {
        guard let request = try reader.locationRequest(of: imei), request.expiresAt > now else { return nil }
        return request
    }
}
