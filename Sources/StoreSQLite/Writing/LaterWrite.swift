internal import Store
internal import Synchronization

/// A write that nobody waits for. Its failure is counted and not told: what it wrote comes again.
final class LaterWrite: PendingWrite {
    private let body: @Sendable (any StoreWriter) throws -> Void
    private let counters: WriteCounters
    private let succeeded = Atomic(false)

    init(counters: WriteCounters, body: @escaping @Sendable (any StoreWriter) throws -> Void) {
        self.counters = counters
        self.body = body
    }

    func run(in transaction: SQLiteTransaction) -> Bool {
        do {
            try body(transaction)
            succeeded.store(true, ordering: .relaxed)
            return true
        } catch {
            // Nobody needs the error: see above.
            return false
        }
    }

    func finish(_ failure: StoreError?) {
        if failure != nil || !succeeded.load(ordering: .relaxed) { counters.failedLater.add(1, ordering: .relaxed) }
    }
}
