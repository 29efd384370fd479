import Store
package import Wire

extension Devices {
    /// All devices, by IMEI.
    package func list(after: IMEI?, limit: Int) throws -> DeviceListBody {
        try environment.store.read { reader in
            let records = try reader.devices(after: after, limit: limit)
            return DeviceListBody(
                devices: try records.map { try body(of: $0, in: reader) }, next: records.count == limit ? records.last?.imei.description : nil)
        }
    }

    /// What a terminal reported, newest first.
    package func events(of imei: IMEI, before: Int64?, limit: Int) throws -> EventListBody {
        try environment.store.read { reader in
            _ = try Self.existing(imei, in: reader)
            let records = try reader.events(of: imei, kind: nil, before: before, limit: limit)
            return EventListBody(
                events: records.map(EventListBody.Event.init), next: records.count == limit ? records.last.map { String($0.event.seq) } : nil)
        }
    }
}
