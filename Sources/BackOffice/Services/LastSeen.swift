package import Store
import Synchronization
package import Wire

/// When each terminal was last heard: kept in memory, written down in batches, because ten thousand polls a second must not be ten thousand commits.
package final class LastSeen: Sendable {
    /// A mutex that can stand in an array.
    private final class Guarded: Sendable { let times = Mutex<[IMEI: Timestamp]>([:]) }

    /// What is not written down yet, in parts, so that the polls of different terminals do not wait for one another.
    private let parts = (0..<32).map { _ in Guarded() }

    package init() {}

    package func heard(_ imei: IMEI, at: Timestamp) {
        part(imei).times.withLock { $0[imei] = at }
    }

    /// The newer of what memory and the store know.
    package func time(of device: DeviceRecord) -> Timestamp? {
        let remembered = part(device.imei).times.withLock { $0[device.imei] }
        return [remembered, device.lastSeen].compactMap { $0 }.max()
    }

    /// Hands what is new to the store; called every few seconds and at shutdown.
    package func flush(to store: any Store) {
        for part in parts {
            let times = part.times.withLock { times in
                defer { times = [:] }
                return times
            }
            if !times.isEmpty { store.writeLater { try $0.updateLastSeen(times) } }
        }
    }

    private func part(_ imei: IMEI) -> Guarded { parts[Int(imei.serial % 32)] }
}
