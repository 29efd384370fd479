import Store
import Wire

extension Devices {
    /// How many devices are in each state, for `/metrics`. Each device is in one: decommissioned, not_enrolled, overdue or heard.
    package func countByState() throws -> [(labels: [String], count: Int)] {
        var counts = ["decommissioned": 0, "heard": 0, "not_enrolled": 0, "overdue": 0]
        let now = environment.now
        var after: IMEI?
        repeat {
            let page = try environment.store.read { try $0.devices(after: after, limit: 10_000) }
            for device in page { counts[state(of: device, now: now), default: 0] += 1 }
            after = page.count == 10_000 ? page.last?.imei : nil
        } while after != nil
        return counts.sorted { $0.key < $1.key }.map { ([$0.key], $0.value) }
    }

    private func state(of device: DeviceRecord, now: Timestamp) -> String {
        if device.isDecommissioned { return "decommissioned" }
        if device.publicKey == nil { return "not_enrolled" }
        return isOverdue(device, now: now) ? "overdue" : "heard"
    }
}
