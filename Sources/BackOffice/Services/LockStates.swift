package import Store
import Synchronization
package import Wire

/// The lock states of terminals, answered from memory and refreshed at each commit before anybody is told of it.
///
/// Concurrency: any thread. `cached` never blocks on the store; `load` does and belongs on a worker.
package final class LockStates: Sendable {
    private struct Shelf {
        /// Of each terminal the sign-ins that were asked for: almost always one.
        var terminals: [IMEI: [TerminalFacts]] = [:]
        /// Rises with each refresh: a load that began before must not put back what it read.
        var generation: UInt64 = 0
    }

    /// A mutex that can stand in an array.
    private final class Guarded: Sendable { let shelf = Mutex(Shelf()) }

    /// So that polls of different terminals do not wait for one another.
    private let shelves = (0..<64).map { _ in Guarded() }
    private let store: any Store
    /// Terminals kept per shelf; beyond, the shelf starts anew (a refill costs one look-up each).
    private static let mostPerShelf = 25_000
    /// Sign-ins kept per terminal: a switch may ask for one IMEI under any account.
    private static let mostPerTerminal = 4
    /// Up to so many touched terminals are read again at once; beyond, they are read when they ask.
    private static let mostRefreshed = 64

    package init(store: any Store) { self.store = store }

    package func cached(_ imei: IMEI, claiming: AccountReference?) -> TerminalFacts? {
        guarded(imei).shelf.withLock { shelf in shelf.terminals[imei]?.first { $0.claiming == claiming } }
    }

    /// Reads from the store, and remembers what may be kept.
    @discardableResult
    package func load(_ imei: IMEI, claiming: AccountReference?) throws -> TerminalFacts {
        let guarded = guarded(imei)
        let generation = guarded.shelf.withLock { $0.generation }
        let facts = try store.read { try TerminalFacts(imei, claiming, $0) }
        guard facts.mayBeKept else { return facts }
        guarded.shelf.withLock { shelf in
            guard shelf.generation == generation else { return }
            if shelf.terminals.count >= Self.mostPerShelf { shelf.terminals.removeAll() }
            var kept = (shelf.terminals[imei] ?? []).filter { $0.claiming != claiming }
            if kept.count >= Self.mostPerTerminal { kept.removeFirst() }
            kept.append(facts)
            shelf.terminals[imei] = kept
        }
        return facts
    }

    /// Reads again what a commit has changed. Runs on the store's writer thread, before the writer's callers and the parked polls hear of it.
    package func refresh(_ subjects: Set<Subject>, _ reader: any StoreReader) {
        for case .device(let imei) in subjects {
            let stale = guarded(imei).shelf.withLock { shelf in
                shelf.generation += 1
                return shelf.terminals.removeValue(forKey: imei) ?? []
            }
            guard subjects.count <= Self.mostRefreshed else { continue }
            // A failed look-up leaves no entry: the next poll reads, and reports what is wrong with the store.
            let fresh = stale.compactMap { try? TerminalFacts(imei, $0.claiming, reader) }.filter(\.mayBeKept)
            if !fresh.isEmpty { guarded(imei).shelf.withLock { $0.terminals[imei] = fresh } }
        }
    }

    private func guarded(_ imei: IMEI) -> Guarded { shelves[Int(imei.serial % 64)] }
}
