package import Store
import Synchronization
package import Wire

/// When each terminal was last heard: kept in memory, written down in batches, because ten thousand polls a second must not be ten thousand commits.
package final class LastSeen: Sendable {
    private struct State {
        var latest: [IMEI: Timestamp] = [:]
        var unwritten: Set<IMEI> = []
    }
    private let state = Mutex(State())

    package init() {}

    package func heard(_ imei: IMEI, at: Timestamp) {
        state.withLock {
            $0.latest[imei] = at
            $0.unwritten.insert(imei)
        }
    }

    /// The newer of what memory and the store know.
    package func time(of device: DeviceRecord) -> Timestamp? {
        let remembered = state.withLock { $0.latest[device.imei] }
        return [remembered, device.lastSeen].compactMap { $0 }.max()
    }

    /// Hands what is new to the store; called every few seconds and at shutdown.
    package func flush(to store: any Store) {
        let times = state.withLock { state in
            let times = state.unwritten.reduce(into: [IMEI: Timestamp]()) { $0[$1] = state.latest[$1] }
            state.unwritten.removeAll(keepingCapacity: true)
            return times
        }
        guard !times.isEmpty else { return }
        store.writeLater { try $0.updateLastSeen(times) }
    }
}
