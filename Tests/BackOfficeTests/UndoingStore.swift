import Store
import Synchronization

/// A store whose next transactions do all their work, and are then undone, as when the disk is full at the commit.
final class UndoingStore: Store {
    struct Undone: Error {}

    private let store: any Store
    private let left = Atomic<Int>(0)

    init(_ store: any Store) { self.store = store }

    func undo(next count: Int) { left.store(count, ordering: .releasing) }

    func write<Value: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> Value) throws -> Value {
        let isUndone = left.load(ordering: .acquiring) > 0
        if isUndone { left.subtract(1, ordering: .acquiringAndReleasing) }
        return try store.write { writer in
            let value = try body(writer)
            if isUndone { throw Undone() }
            return value
        }
    }

    func read<Value: Sendable>(_ body: (any StoreReader) throws -> Value) throws -> Value { try store.read(body) }
    func writeLater(_ body: @escaping @Sendable (any StoreWriter) throws -> Void) { store.writeLater(body) }
    func onCommit(_ listener: @escaping @Sendable (Set<Subject>, any StoreReader) -> Void) { store.onCommit(listener) }
    func backup(to path: String) throws { try store.backup(to: path) }
    var commitDurations: CommitDurations { store.commitDurations }
    func close() { store.close() }
}
