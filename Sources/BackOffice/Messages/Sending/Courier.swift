import HTTPClient
import Messaging
import Platform
import Store
import Synchronization
import Wire

/// Sends what waits in the outbox: one thread, one loop, as many transfers at once as there are recipients, in order for each of them.
///
/// Concurrency: `wake` from any thread; everything else happens on the courier's own.
package final class Courier: Sendable {
    private let wakeup: Wakeup
    private let isStopped = Atomic<Bool>(false)
    private let thread = Mutex<WorkerThread?>(nil)

    init() throws { wakeup = try Wakeup() }

    /// Begins to send. What a crash left half-way is settled first.
    func start(_ desk: MessageDesk) throws {
        let worker = try WorkerThread(name: "courier", stackSize: 512 << 10) { [self] in
            let round = CourierRound(desk: desk)
            round.settleInterrupted()
            while !isStopped.load(ordering: .acquiring) { round.run(wakeup) }
        }
        thread.withLock { $0 = worker }
    }

    /// Something new may wait.
    package func wake() { wakeup.wake() }

    /// Lets what is under way go; the store keeps it, and the next start tells of it.
    package func stop() {
        isStopped.store(true, ordering: .releasing)
        wakeup.wake()
        thread.withLock { thread in
            defer { thread = nil }
            return thread
        }?.join()
    }
}
