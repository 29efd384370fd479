internal import Store

/// A body that waits for the writer thread.
protocol PendingWrite: Sendable {
    /// Runs the body; `false` when it threw and its changes are to be undone. The error is kept for `finish`.
    func run(in transaction: SQLiteTransaction) -> Bool

    /// Called once, after the commit (`nil`) or its failure.
    func finish(_ failure: StoreError?)
}
