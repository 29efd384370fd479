package import Store
import Synchronization
package import Wire

/// When each terminal was last heard, and until when it may spend: kept in memory, written down in batches, because ten thousand polls a second must not be ten thousand commits.
package final class LastSeen: Sendable {
    /// A mutex that can stand in an array.
    private final class Guarded: Sendable {
        let times = Mutex<[IMEI: Timestamp]>([:])
        /// Ends of the newest leases that permit spending.
        let ends = Mutex<[IMEI: Timestamp]>([:])
    }

    /// What is not written down yet, in parts, so that the polls of different terminals do not wait for one another.
    private let parts = (0..<32).map { _ in Guarded() }

    private let terms: LeaseIssuer.Terms

    package init(terms: LeaseIssuer.Terms) { self.terms = terms }

    package func heard(_ imei: IMEI, at: Timestamp) {
        part(imei).times.withLock { $0[imei] = at }
    }

    /// The newer of what memory and the store know.
    package func time(of device: DeviceRecord) -> Timestamp? {
        let remembered = part(device.imei).times.withLock { $0[device.imei] }
        return [remembered, device.lastSeen].compactMap { $0 }.max()
    }

    /// A lease that says unlocked was signed for it.
    func maySpend(_ imei: IMEI, from now: Timestamp) {
        part(imei).ends.withLock { $0[imei] = now.adding(.seconds(terms.longestLease)) }
    }

    /// Until when it may spend, should it hear nothing more; `nil`: it never could.
    package func spendingEnd(of device: DeviceRecord) -> Timestamp? {
        if let end = part(device.imei).ends.withLock({ $0[device.imei] }) { return end }
        // Of before this server started: its last poll may have been answered after the longest wait.
        return time(of: device)?.adding(.seconds(terms.longestLease + (terms.longestLease > terms.ttl ? terms.longestWait : 0)))
    }

    /// The same with what offline codes have given or may give: one that was not used counts as if it were typed now.
    func spendingEnd(of device: DeviceRecord, in reader: any StoreReader, now: Timestamp) throws -> Timestamp? {
        let codes = try reader.codeKey(of: device.imei)
        let unused = codes.flatMap { $0.unusedHours > 0 ? now.adding(.seconds($0.unusedHours * 3600)) : nil }
        return [spendingEnd(of: device), codes?.extendedUntil, unused].compactMap(\.self).max()
    }

    /// Whether whatever lease it has has run out, and no poll can be on its way any more.
    package func isOverdue(_ device: DeviceRecord, now: Timestamp) -> Bool {
        let heard = (time(of: device) ?? device.createdAt).adding(.seconds(terms.longestSilence))
        return max(heard, spendingEnd(of: device) ?? heard) < now
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
