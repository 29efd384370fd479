import Store
package import Wire

extension Devices {
    /// What the terminal said about where it is, newest first, and whether it is being asked.
    package func locations(of imei: IMEI, before: Int64?, limit: Int) throws -> LocationListBody {
        let now = environment.now
        return try environment.store.read { reader in
            _ = try Self.existing(imei, in: reader)
            let records = try reader.events(of: imei, kind: TerminalEvent.Kind.location.rawValue, before: before, limit: limit)
            let request = try reader.locationRequest(of: imei).flatMap { $0.expiresAt > now ? LocationRequestBody($0) : nil }
            return LocationListBody(
                locations: records.map(LocationListBody.Location.init), request: request,
                next: records.count == limit ? records.last.map { String($0.event.seq) } : nil)
        }
    }
}
