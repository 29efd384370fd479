import Foundation
import Synchronization
import TestSupport

/// Work on a thread of its own, beside the test that waits for it.
final class InBackground<Value: Sendable>: Sendable {
    private let outcome = Mutex<Result<Value, any Error>?>(nil)

    init(_ work: @escaping @Sendable () throws -> Value) {
        Thread.detachNewThread { [self] in
            let result = Result { try work() }
            outcome.withLock { $0 = result }
        }
    }

    var isDone: Bool { outcome.withLock { $0 != nil } }

    func value() throws -> Value { try eventually("work in the background") { outcome.withLock { $0 } }.get() }
}
