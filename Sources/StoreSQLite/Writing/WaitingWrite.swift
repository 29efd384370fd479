private import Glibc
internal import Store
internal import Synchronization

/// A write whose caller waits until it is on disk.
final class WaitingWrite<Value: Sendable>: PendingWrite, @unchecked Sendable {
    private let body: @Sendable (any StoreWriter) throws -> Value
    private let outcome = Mutex<Result<Value, any Error>?>(nil)
    private let finished = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init(_ body: @escaping @Sendable (any StoreWriter) throws -> Value) {
        self.body = body
        sem_init(finished, 0, 0)
    }

    deinit {
        sem_destroy(finished)
        finished.deallocate()
    }

    func run(in transaction: SQLiteTransaction) -> Bool {
        let result = Result { try body(transaction) }
        outcome.withLock { $0 = result }
        if case .success = result { return true }
        return false
    }

    /// A body that threw keeps its own error: it is nearer to the cause.
    func finish(_ failure: StoreError?) {
        outcome.withLock { outcome in
            guard let failure else { return }
            switch outcome {
            case .failure: break
            case .success, nil: outcome = .failure(failure)
            }
        }
        sem_post(finished)
    }

    /// Blocks the caller until `finish`.
    func wait() throws -> Value {
        while sem_wait(finished) != 0 {}  // EINTR: a signal is no answer.
        guard let result = outcome.withLock({ $0 }) else { preconditionFailure("a write was finished that never ran") }
        return try result.get()
    }
}
