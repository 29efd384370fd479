internal import Platform

/// Threads for handlers that block, started when needed, and a bounded queue before them.
///
/// - Concurrency: any thread.
final class WorkerPool: @unchecked Sendable {
    /// Bytes: JSON, SQL and signatures need far less; a thread that never ran deep costs what it touched.
    private static let stackSize = 512 * 1024

    private let threadLimit: Int
    private let queueLimit: Int
    private let run: @Sendable (Connection) -> Void
    private let monitor = Monitor()
    // Guarded by the monitor.
    private var queue: [Connection] = []
    private var queueStart = 0
    private var idle = 0
    private var running = 0
    private var threads: [WorkerThread] = []
    private var isClosed = false

    init(threadLimit: Int, queueLimit: Int, run: @escaping @Sendable (Connection) -> Void) {
        precondition(threadLimit > 0 && queueLimit > 0, "A pool has threads and a queue.")
        self.threadLimit = threadLimit
        self.queueLimit = queueLimit
        self.run = run
    }

    var queued: Int { monitor.locked { queue.count - queueStart } }
    /// Whether a connection is queued or being worked on.
    var isBusy: Bool { monitor.locked { queue.count > queueStart || running > 0 } }
    var threadCount: Int { monitor.locked { threads.count } }

    /// Queues the connection after calling `admitted`; false, without the call, when the queue is full.
    func submit(_ connection: Connection, admitted: () -> Void) -> Bool {
        monitor.locked {
            guard !isClosed, queue.count - queueStart < queueLimit else { return false }
            if idle <= queue.count - queueStart, !startThread() { return false }
            admitted()
            queue.append(connection)
            monitor.signal()
            return true
        }
    }

    /// Lets the threads finish what is queued, and waits for them.
    func close() {
        let running = monitor.locked {
            isClosed = true
            monitor.broadcast()
            return threads
        }
        for thread in running { thread.join() }
    }

    /// - Returns: false when there is no thread at all to take the work.
    private func startThread() -> Bool {
        guard threads.count < threadLimit else { return true }
        do throws(WorkerThreadError) {
            threads.append(try WorkerThread(name: "http-worker", stackSize: Self.stackSize) { self.work() })
            return true
        } catch {
            // The threads that run already take it in their turn.
            return !threads.isEmpty
        }
    }

    private func work() {
        while let connection = next() {
            run(connection)
            monitor.locked { running -= 1 }
        }
    }

    private func next() -> Connection? {
        monitor.locked {
            idle += 1
            defer { idle -= 1 }
            while queueStart == queue.count {
                if isClosed { return nil }
                monitor.wait()
            }
            let connection = queue[queueStart]
            running += 1
            queueStart += 1
            if queueStart == queue.count {
                queue.removeAll(keepingCapacity: true)
                queueStart = 0
            } else if queueStart >= 1024 {
                queue.removeFirst(queueStart)
                queueStart = 0
            }
            return connection
        }
    }
}
