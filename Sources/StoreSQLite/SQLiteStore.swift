internal import Platform
package import Store
internal import Synchronization

/// A store in one SQLite file, used by one server process.
///
/// Whoever's turn it is commits (`CommitLoop`), a thread copies the log (`Checkpointer`); reads run on their callers' threads.
package final class SQLiteStore: Store {
    let path: String
    private let lock: StoreLock
    private let readers: ReaderPool
    private let queue: WriteQueue
    private let loop: CommitLoop
    private let checkpointer: Checkpointer
    private let counters = WriteCounters()
    private let writer: WorkerThread
    private let copier: WorkerThread
    private let isClosed = Mutex(false)

    /// Opens the store at `path`, or makes it; its directory must exist.
    ///
    /// Throws `.unavailable` when another server has it open or a newer program wrote it, `.corrupt` when it is not a vendlock store.
    package init(path: String, options: SQLiteOptions = SQLiteOptions()) throws {
        self.path = path
        lock = try StoreLock(besides: path)
        let connection = try Connection.opened(path: path, options: options)
        readers = ReaderPool(path: path, keptEvents: options.keptEvents)
        queue = WriteQueue(keptLater: options.keptLaterWrites, laterDelay: options.laterDelay, counters: counters)
        let copying = try Connection(path: path, mode: .readWrite)
        // SQLite opens a file at its first use; one that was never used would not empty the log when it goes last.
        _ = try Migration.version(of: copying)
        let checkpointer = Checkpointer(every: options.checkpointPages, counters: counters)
        let loop = CommitLoop(queue: queue, connection: connection, checkpointer: checkpointer, keptEvents: options.keptEvents)
        self.checkpointer = checkpointer
        self.loop = loop
        writer = try WorkerThread(name: "store-writer", stackSize: 1 << 20) { loop.run() }
        copier = try WorkerThread(name: "store-copier", stackSize: 256 << 10) { checkpointer.run(on: copying) }
    }

    deinit { close() }

    package func read<Value: Sendable>(_ body: (any StoreReader) throws -> Value) throws -> Value {
        try readers.read(body)
    }

    package func write<Value: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> Value) throws -> Value {
        precondition(!loop.isCurrent, "a write was asked for inside a write or a commit listener: it would wait for itself")
        let write = WaitingWrite(body)
        switch queue.put(write) {
        case .closed: throw StoreError(code: .closed, operation: "write", detail: "The store is closed.")
        case .commit(let batch): loop.turn(batch)
        case .queued: break
        }
        return try write.wait()
    }

    package func writeLater(_ body: @escaping @Sendable (any StoreWriter) throws -> Void) {
        queue.putLater(LaterWrite(counters: counters, body: body))
    }

    package func onCommit(_ listener: @escaping @Sendable (Set<Subject>, any StoreReader) -> Void) {
        loop.onCommit(listener)
    }

    package var commitDurations: CommitDurations { loop.durations }

    /// Later writes that were dropped because too many waited, or that failed; since the start of the process.
    package var lostLaterWrites: (dropped: Int, failed: Int) {
        (counters.droppedLater.load(ordering: .relaxed), counters.failedLater.load(ordering: .relaxed))
    }

    /// Times that the log could not be copied into the database (a full disk); the log grows meanwhile.
    package var failedCheckpoints: Int { counters.failedCheckpoints.load(ordering: .relaxed) }

    package func close() {
        let isFirst = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        queue.close()
        writer.join()
        loop.close()
        // The last connection to go empties the log and removes it, which a read-only one cannot.
        readers.close()
        checkpointer.close()
        copier.join()
        lock.release()
    }
}
