private import Glibc
internal import Store
internal import Synchronization

/// Commits a batch: runs all of it in one transaction, commits once, tells the listeners, wakes the callers. One thread at a time does so,
/// the writer thread or a caller whose turn it is (`WriteQueue`), and owns the connection meanwhile.
final class CommitLoop: @unchecked Sendable {
    private let queue: WriteQueue
    /// Owned by the thread whose turn it is; `nil` after `close`.
    private var connection: Connection?
    /// The thread that commits; 0 for none.
    private let committing = Atomic<UInt>(0)
    private let checkpointer: Checkpointer
    private let keptEvents: Int
    private let listeners = Mutex<[@Sendable (Set<Subject>, any StoreReader) -> Void]>([])
    private let measured = Mutex(CommitDurations())

    init(queue: WriteQueue, connection: Connection, checkpointer: Checkpointer, keptEvents: Int) {
        self.queue = queue
        self.connection = connection
        self.checkpointer = checkpointer
        self.keptEvents = keptEvents
    }

    var durations: CommitDurations { measured.withLock { $0 } }

    func onCommit(_ listener: @escaping @Sendable (Set<Subject>, any StoreReader) -> Void) {
        listeners.withLock { $0.append(listener) }
    }

    /// The writer thread's work; returns when the queue is closed and empty.
    func run() {
        while let batch = queue.take() { turn(batch) }
    }

    /// Commits what `WriteQueue` has given to the calling thread, and hands the turn on.
    func turn(_ batch: [any PendingWrite]) {
        guard let connection else { preconditionFailure("the queue gives no turn after it is closed and empty") }
        committing.store(pthread_self(), ordering: .relaxed)
        checkpointer.beforeCommit(on: connection)
        commit(batch, on: connection)
        checkpointer.afterCommit(logPages: connection.logPages)
        committing.store(0, ordering: .relaxed)
        queue.done()
    }

    /// To be called when the queue is closed and empty.
    func close() { connection = nil }

    /// Whether the calling thread is the one that commits now: inside a write's body or a listener.
    var isCurrent: Bool { committing.load(ordering: .relaxed) == pthread_self() }

    private func commit(_ batch: [any PendingWrite], on connection: Connection) {
        let failure: StoreError?
        do {
            let touched = try commitTogether(batch, on: connection)
            tell(touched, on: connection)
            failure = nil
        } catch {
            failure = error
        }
        for write in batch { write.finish(failure) }
    }

    /// The writer's own connection has the changed pages in its cache; a reader's would fetch them again.
    private func tell(_ touched: Set<Subject>, on connection: Connection) {
        let reader = SQLiteTransaction(connection: connection, keptEvents: keptEvents)
        // One view, and one taking of SQLite's locks, for all that is asked. The changes are on disk: the listeners must hear of them also
        // when there is no reading, which each of them then meets itself.
        let hasView = (try? connection.run("BEGIN", operation: "read")) != nil
        for listener in listeners.withLock({ $0 }) { listener(touched, reader) }
        // Nothing was written in it: a failure leaves nothing to lose, and the next BEGIN reports it.
        if hasView { _ = try? connection.run("COMMIT", operation: "read") }
    }

    /// Throws when none of the batch came to disk.
    private func commitTogether(_ batch: [any PendingWrite], on connection: Connection) throws(StoreError) -> Set<Subject> {
        let transaction = SQLiteTransaction(connection: connection, keptEvents: keptEvents)
        var touched: Set<Subject> = []
        do {
            try connection.run("BEGIN IMMEDIATE", operation: "begin")
            for write in batch {
                touched.formUnion(try runAlone(write, in: transaction))
            }
            let start = SuspendingClock.now
            try connection.run("COMMIT", operation: "commit")
            let (seconds, attoseconds) = start.duration(to: SuspendingClock.now).components
            measured.withLock { $0.add(seconds: Double(seconds) + Double(attoseconds) * 1e-18) }
            return touched
        } catch {
            throw undo(after: error, on: connection)
        }
    }

    /// Runs one body in its savepoint; returns what it touched. Throws when the whole transaction is lost, not when the body throws.
    private func runAlone(_ write: any PendingWrite, in transaction: SQLiteTransaction) throws -> Set<Subject> {
        let connection = transaction.connection
        try connection.run("SAVEPOINT one", operation: "begin")
        let isKept = write.run(in: transaction)
        guard !connection.isIdle else {
            throw StoreError(
                code: .unavailable, operation: "write",
                detail: "The disk is full or failing: SQLite undid the transaction. Free space on the data directory's disk.")
        }
        guard isKept else {
            transaction.forgetTouched()
            try connection.run("ROLLBACK TO one", operation: "undo")
            try connection.run("RELEASE one", operation: "undo")
            return []
        }
        let touched = try transaction.takeTouched()
        try connection.run("RELEASE one", operation: "write")
        return touched
    }

    /// Ends a transaction that failed, so that the next one can begin, and gives the failure that every caller of the batch gets.
    private func undo(after error: any Error, on connection: Connection) -> StoreError {
        var failure = error as? StoreError ?? StoreError(code: .unavailable, operation: "commit", detail: "\(error)")
        if !connection.isIdle {
            do {
                try connection.run("ROLLBACK", operation: "undo")
            } catch {
                failure = StoreError(
                    code: .unavailable, operation: "undo", detail: "\(failure.detail), then \(error)", native: failure.native)
            }
        }
        return failure
    }
}
