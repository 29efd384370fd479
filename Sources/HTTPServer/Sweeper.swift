internal import Platform
private import Synchronization

/// The thread that acts when a connection's time is up.
final class Sweeper: Sendable {
    private let table: ConnectionTable
    private let lot: ParkingLot
    private let counters: Counters

    init(table: ConnectionTable, lot: ParkingLot, counters: Counters) {
        self.table = table
        self.lot = lot
        self.counters = counters
    }

    func start() throws(WorkerThreadError) -> WorkerThread {
        try WorkerThread(name: "http-sweeper", stackSize: 256 * 1024) { self.run() }
    }

    private func run() {
        while let findings = table.awaitFindings() {
            counters.overdue.add(findings.ended, ordering: .relaxed)
            let now = currentTicks()
            for (connection, subject) in findings.due {
                // The deadline is read again: the connection may have been answered and have parked anew since.
                _ = lot.release(connection, subject: subject, because: .woken(.deadline)) { $0.parkingDeadline <= now }
            }
            for (connection, subject) in findings.lost {
                let wasParked = lot.release(connection, subject: subject, because: .lost) { _ in true }
                if wasParked { counters.lost.add(1, ordering: .relaxed) }
            }
        }
    }
}
