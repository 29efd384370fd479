package import LockRules
package import Store
import Synchronization
package import Wire

/// What is known in memory of one terminal signed in to one account (or none): the facts of its lock state and what a poll needs beside them.
package struct TerminalFacts: Sendable, Equatable {
    package var facts: LockFacts
    /// First 8 bytes of SHA-256 of the enrolled key: a session is bound to the key it was made with. Empty when not enrolled.
    package var keyTag: [UInt8]
    /// The highest revision of a lock that this terminal has not confirmed yet; 0 when it has confirmed all.
    package var openRevision: Revision
    /// The same for locks not yet handed to it.
    package var undeliveredRevision: Revision
    /// Whether it may be answered "unlocked": registered, or signed in with a seat on the account.
    package var hasSeat: Bool
}

/// The lock states of terminals, answered from memory and refreshed at each commit before anybody is told of it.
///
/// Concurrency: any thread. `cached` never blocks on the store; `load` does and belongs on a worker.
package final class LockStates: Sendable {
    private struct Key: Hashable {
        var imei: IMEI
        var claiming: AccountReference?
    }

    private struct Shelf {
        var entries: [Key: TerminalFacts] = [:]
        /// Rises with each refresh: a load that began before must not put back what it read.
        var generation: UInt64 = 0
    }

    /// Sixteen shelves, so that polls of different terminals do not wait for one another.
    private let shelves: [Mutexed]
    private final class Mutexed: Sendable { let value = Mutex(Shelf()) }

    private let store: any Store
    /// Entries kept per shelf; beyond, the shelf starts anew (a refill costs one look-up each).
    private static let mostPerShelf = 100_000
    /// Up to so many touched terminals are read again at once; beyond, they are read when they ask.
    private static let mostRefreshed = 64

    package init(store: any Store) {
        self.store = store
        shelves = (0..<16).map { _ in Mutexed() }
    }

    package func cached(_ imei: IMEI, claiming: AccountReference?) -> TerminalFacts? {
        shelf(imei).value.withLock { $0.entries[Key(imei: imei, claiming: claiming)] }
    }

    /// Reads from the store and remembers.
    @discardableResult
    package func load(_ imei: IMEI, claiming: AccountReference?) throws -> TerminalFacts {
        let shelf = shelf(imei)
        let generation = shelf.value.withLock { $0.generation }
        let facts = try store.read { try Self.read(imei, claiming, $0) }
        shelf.value.withLock { shelf in
            guard shelf.generation == generation else { return }
            if shelf.entries.count >= Self.mostPerShelf { shelf.entries.removeAll() }
            shelf.entries[Key(imei: imei, claiming: claiming)] = facts
        }
        return facts
    }

    /// Reads again what a commit has changed. Runs on the store's writer thread, before the writer's callers and the parked polls hear of it.
    package func refresh(_ subjects: Set<Subject>) {
        let terminals = subjects.compactMap { if case .device(let imei) = $0 { imei } else { nil } }
        for imei in terminals {
            let stale = shelf(imei).value.withLock { shelf in
                shelf.generation += 1
                let keys = shelf.entries.keys.filter { $0.imei == imei }
                for key in keys { shelf.entries[key] = nil }
                return keys
            }
            guard terminals.count <= Self.mostRefreshed else { continue }
            for key in stale {
                // A failed look-up leaves no entry: the next poll reads, and reports what is wrong with the store.
                _ = try? load(key.imei, claiming: key.claiming)
            }
        }
    }

    /// Forgets everything, for a store that was changed from outside.
    package func forgetAll() {
        for shelf in shelves {
            shelf.value.withLock {
                $0.entries.removeAll()
                $0.generation += 1
            }
        }
    }

    private func shelf(_ imei: IMEI) -> Mutexed { shelves[Int(imei.serial % 16)] }

    static func read(_ imei: IMEI, _ claiming: AccountReference?, _ reader: any StoreReader) throws -> TerminalFacts {
        let device = try reader.device(imei)
        let facts = try reader.lockFacts(imei: imei, claiming: claiming)
        let open = try reader.openDeliveries(to: imei)
        let seated = device.map { $0.registeredTo != nil || ($0.claimed == claiming && $0.seatedAt != nil) } ?? false
        return TerminalFacts(
            facts: facts, keyTag: SessionToken.keyTag(device?.publicKey), openRevision: open.map(\.revision).max() ?? 0,
            undeliveredRevision: open.filter { $0.deliveredAt == nil }.map(\.revision).max() ?? 0, hasSeat: seated)
    }
}
