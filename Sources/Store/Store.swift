/// Where the back office's truth is kept. One contract, the same over SQLite and PostgreSQL.
///
/// Concurrency: every method may be called from any thread and may block; never from an HTTP thread.
package protocol Store: ReadableStore {
    /// Runs `body` in a write transaction and returns when it is on disk.
    ///
    /// Changes that wait at the same time share one commit (and one fsync). When `body` throws, its own changes are undone,
    /// the others' stand, and the error is thrown here. When the commit fails, nothing of it happened and `StoreError` is thrown.
    func write<Value: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> Value) throws -> Value

    /// As `write`, but does not wait; for what repeats itself if it is lost (last seen, delivery times). Returns at once.
    func writeLater(_ body: @escaping @Sendable (any StoreWriter) throws -> Void)

    /// Called once after each commit, before any waiting `write` returns, with every subject that `touch` named in it, and with a reader that
    /// sees what was committed and is good until the listener returns.
    func onCommit(_ listener: @escaping @Sendable (Set<Subject>, any StoreReader) -> Void)

    /// Copies the whole store to a new file while serving.
    func backup(to path: String) throws

    /// How long commits took, for `/metrics`.
    var commitDurations: CommitDurations { get }

    /// Commits what is waiting, then closes. Nothing may be called afterwards.
    func close()
}

/// A store as somebody sees it who only looks.
package protocol ReadableStore: Sendable {
    /// Runs `body` in a read transaction: one consistent view.
    func read<Value: Sendable>(_ body: (any StoreReader) throws -> Value) throws -> Value
}
