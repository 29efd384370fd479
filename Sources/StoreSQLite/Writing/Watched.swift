internal import Platform

/// A value behind a mutex, with threads that wait for it to change.
final class Watched<State>: @unchecked Sendable {
    private var state: State
    private let monitor = Monitor()

    init(_ state: State) { self.state = state }

    func withLock<Value>(_ body: (inout State) throws -> Value) rethrows -> Value {
        try monitor.locked { try body(&state) }
    }

    /// Changes the state and lets the waiting threads look at it again.
    func change<Value>(_ body: (inout State) throws -> Value) rethrows -> Value {
        try monitor.locked {
            defer { monitor.broadcast() }
            return try body(&state)
        }
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
        try monitor.locked {
            while true {
                switch try look(&state) {
                case .found(let value): return value
                case .wait: monitor.wait()
                case .waitUntil(let instant): monitor.wait(atMost: SuspendingClock.now.duration(to: instant))
                }
            }
        }
    }
}
