import Store
import Synchronization
import Wire

/// Tells people of a terminal that had obeyed a lock and then fell silent: switched off, or its agent stopped, masked or removed.
///
/// Once for each silence, also over a restart of the server: the device's notes remember it. One that never obeyed is `LockWatches`' affair.
final class SilenceWatch: Sendable {
    private struct State {
        /// When this server began to listen; silence before that may be its own.
        var listeningSince: Timestamp?
        var lookAt: Timestamp?
        /// Silent terminals that people know of.
        var told: Set<IMEI> = []
    }

    /// Between two looks at all terminals.
    private static let interval = Duration.seconds(60)
    /// Of a device's notes, where an earlier server's alert is looked for.
    private static let notesLookedAt = 50
    static let noteKind = "locked_silent"

    private let environment: Environment
    private let lastSeen: LastSeen
    /// Seconds.
    private let longestSilence: Int
    private let alerts: Alerts
    private let state = Mutex(State())

    init(environment: Environment, lastSeen: LastSeen, longestSilence: Int, alerts: Alerts) {
        self.environment = environment
        self.lastSeen = lastSeen
        self.longestSilence = longestSilence
        self.alerts = alerts
    }

    /// Called every second.
    func tick() throws {
        let now = environment.now
        let (since, isDue) = state.withLock { state in
            let since = state.listeningSince ?? now
            state.listeningSince = since
            // A clock that was set back must not put the next look off for as long.
            let isDue = state.lookAt.map { $0 <= now || now.adding(Self.interval) < $0 } ?? true
            if isDue { state.lookAt = now.adding(Self.interval) }
            return (since, isDue)
        }
        guard isDue, since.adding(.seconds(longestSilence)) < now else { return }
        var after: IMEI?
        repeat {
            let page = try environment.store.read { try $0.devices(after: after, limit: 1000) }
            for device in page { try look(at: device, now: now) }
            after = page.count == 1000 ? page.last?.imei : nil
        } while after != nil
    }

    private func look(at device: DeviceRecord, now: Timestamp) throws {
        guard device.publicKey != nil, !device.isDecommissioned, let seen = lastSeen.time(of: device) else { return }
        guard seen.adding(.seconds(longestSilence)) < now else { return state.withLock { _ = $0.told.remove(device.imei) } }
        guard !state.withLock({ $0.told.contains(device.imei) }) else { return }
        let isNews = try environment.store.read { reader in
            try hasObeyed(device, in: reader)
                && !reader.notes(on: .device(device.imei), before: nil, limit: Self.notesLookedAt).contains {
                    $0.kind == Self.noteKind && seen < $0.at
                }
        }
        // One that is not locked is looked at again: a lock may come while it is silent.
        guard isNews else { return }
        let text = "Terminal \(device.imei) is locked and has not been heard since \(seen): switched off, out of coverage, or its agent was stopped."
        try environment.store.write { [alerts] writer in
            try writer.appendNote(Actor.system.note(on: .device(device.imei), at: now, kind: Self.noteKind, text: text))
            try alerts.raise(.lockedSilent, text, about: device.imei.description, in: writer)
        }
        state.withLock { _ = $0.told.insert(device.imei) }
    }

    /// Whether it has confirmed a lock that still stands.
    private func hasObeyed(_ device: DeviceRecord, in reader: any StoreReader) throws -> Bool {
        var holds = try reader.standingHolds(on: .device(device.imei))
        if let account = device.registeredTo ?? device.claimed { holds += try reader.standingHolds(on: .account(account)) }
        return try holds.contains { try reader.deliveries(ofHold: $0.id).contains { $0.imei == device.imei && $0.enforcedAt != nil } }
    }
}
