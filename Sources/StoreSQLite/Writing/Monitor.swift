private import Glibc

/// A value behind a mutex, with threads that wait for it to change.
final class Monitor<State>: @unchecked Sendable {
    private var state: State
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init(_ state: State) {
        self.state = state
        pthread_mutex_init(mutex, nil)
        // Waiting is by the monotonic clock, so that setting the wall clock wakes nobody early or late.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func withLock<Value>(_ body: (inout State) throws -> Value) rethrows -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// Changes the state and lets the waiting threads look at it again.
    func change<Value>(_ body: (inout State) throws -> Value) rethrows -> Value {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(condition)
            pthread_mutex_unlock(mutex)
        }
        return try body(&state)
    }

    /// What a waiting thread finds when it looks.
    enum Look<Value> {
        case found(Value)
        case wait
        /// Look again then, if nothing changes before.
        case waitUntil(SuspendingClock.Instant)
    }

    /// Blocks until `look` finds something. Guarded by the mutex each time it is called.
    func wait<Value>(_ look: (inout State) throws -> Look<Value>) rethrows -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            switch try look(&state) {
            case .found(let value): return value
            case .wait: pthread_cond_wait(condition, mutex)
            case .waitUntil(let instant):
                var deadline = Self.timespec(instant)
                // ETIMEDOUT is an answer like any other: look again.
                pthread_cond_timedwait(condition, mutex, &deadline)
            }
        }
    }

    private static func timespec(_ instant: SuspendingClock.Instant) -> timespec {
        var now = Glibc.timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let (seconds, attoseconds) = max(.zero, SuspendingClock.now.duration(to: instant)).components
        let nanoseconds = now.tv_nsec + Int(attoseconds / 1_000_000_000)
        return Glibc.timespec(tv_sec: now.tv_sec + Int(seconds) + nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
    }
}
