import Store
import Synchronization
import Wire

extension Devices {
    /// How many devices are in each state, for `/metrics`. Each device is in one: decommissioned, not_enrolled, overdue or heard.
    ///
    /// Counted at most every ten seconds and by one caller at a time: `/metrics` is open to whoever reaches the server.
    package func countByState() throws -> [(labels: [String], count: Int)] {
        let now = environment.now
        let known: Counts? = counts.withLock { state in
            if let known = state.known, state.isCounting || now < known.at.adding(.seconds(10)) { return known }
            state.isCounting = true
            return nil
        }
        if let known { return known.rows }
        defer { counts.withLock { $0.isCounting = false } }
        let rows = try count()
        counts.withLock { $0.known = Counts(at: now, rows: rows) }
        return rows
    }

    struct Counts: Sendable {
        let at: Timestamp
        let rows: [(labels: [String], count: Int)]
    }

    /// The last count, and whether a new one is being made.
    final class CountState: Sendable {
        private let state = Mutex<(known: Counts?, isCounting: Bool)>((nil, false))
        func withLock<Value: Sendable>(_ body: (inout sending (known: Counts?, isCounting: Bool)) -> sending Value) -> Value { state.withLock(body) }
    }

    private func count() throws -> [(labels: [String], count: Int)] {
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
