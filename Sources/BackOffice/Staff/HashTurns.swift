import Platform
import Wire

/// Lets two passwords be hashed at once, because each takes 32 MiB and a core; others wait, and when many wait already they are refused.
///
/// Waiting keeps a worker, and the workers are also there for messages that lock.
package final class HashTurns: @unchecked Sendable {
    package static let atOnce = 2
    package static let mostWaiting = 16

    private let monitor = Monitor()
    // Guarded by the monitor.
    private var running = 0
    private var waiting = 0

    package init() {}

    package var queued: Int { monitor.locked { waiting } }

    /// Throws `overloaded` without doing the work.
    package func take<Value>(_ work: () throws -> Value) throws -> Value {
        try monitor.locked {
            guard waiting < Self.mostWaiting else { throw Problem(.overloaded, "Too many people sign in at this moment. Try again in a second.") }
            waiting += 1
            while running >= Self.atOnce { monitor.wait() }
            waiting -= 1
            running += 1
        }
        defer {
            monitor.locked {
                running -= 1
                monitor.signal()
            }
        }
        return try work()
    }
}
