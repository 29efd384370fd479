private import Platform
private import Glibc

/// Every open connection, by the time at which the sweeper looks at it.
///
/// - Concurrency: any thread. A connection's socket number is valid as long as the connection is in the table.
final class ConnectionTable: @unchecked Sendable {
    /// What a sweep found to be done outside the lock.
    struct Findings {
        var due: [(connection: Connection, subject: UInt64)] = []
        var lost: [(connection: Connection, subject: UInt64)] = []
        var ended = 0
    }

    /// At most this many connections for each time the lock is taken.
    private static let batch = 256

    let policy: DeadlinePolicy
    private let monitor = Monitor()
    // Guarded by the monitor.
    private var fresh = ConnectionList()
    private var wheel = DeadlineWheel(now: currentTicks())
    private var open = 0
    private var isClosed = false
    private var sleepsUntil: Ticks = 0

    init(policy: DeadlinePolicy) {
        self.policy = policy
    }

    var count: Int { monitor.locked { open } }

    /// Enters an accepted connection. At `limit` the one that has waited longest for its header is cut off.
    ///
    /// - Returns: whether one was.
    func opened(_ connection: Connection, limit: Int) -> Bool {
        monitor.locked {
            open += 1
            if fresh.isEmpty { rouse(by: connection.activity.since + policy.header) }
            fresh.append(connection, as: .fresh)
            guard open > limit, let oldest = fresh.first?.takeUnretainedValue(), oldest !== connection else { return false }
            end(oldest, now: connection.activity.since)
            return true
        }
    }

    /// The first header is complete.
    func headerArrived(_ connection: Connection, now: Ticks) {
        monitor.locked { refile(connection, due: now + policy.step) }
    }

    /// The request is about to be parked.
    func parks(_ connection: Connection, key: ParkingKey, until deadline: Ticks, now: Ticks) {
        monitor.locked {
            connection.subject = key.subject
            connection.lane = key.lane
            connection.parkingDeadline = deadline
            connection.activity = Activity(.parked, since: now)
            refile(connection, due: min(deadline, now + policy.probe))
        }
    }

    func closed(_ connection: Connection) {
        monitor.locked {
            open -= 1
            remove(connection)
        }
    }

    /// How many requests are being received, served or parked.
    var busyCount: Int {
        monitor.locked { wheel.count(where: { $0.activity.phase != .idle && $0.activity.phase != .fresh }) }
    }

    /// Ends the sweeper's wait for good.
    func close() {
        monitor.locked {
            isClosed = true
            monitor.broadcast()
        }
    }

    /// Sleeps until a connection is due, cuts off what is overdue, and returns what is to be woken; nil once closed.
    func awaitFindings() -> Findings? {
        monitor.locked {
            while !isClosed {
                let now = currentTicks()
                let findings = sweep(now)
                if findings.ended > 0 || !findings.due.isEmpty || !findings.lost.isEmpty { return findings }
                sleep(now)
            }
            return nil
        }
    }

    private func sweep(_ now: Ticks) -> Findings {
        var findings = Findings()
        var probed: [Connection] = []
        while findings.ended < Self.batch, let oldest = fresh.first?.takeUnretainedValue(), oldest.activity.since + policy.header <= now {
            end(oldest, now: now)
            findings.ended += 1
        }
        for _ in 0..<Self.batch {
            guard let connection = wheel.popDue(now: now) else { break }
            var again = now + policy.step
            switch policy.verdict(on: connection.activity, parkingDeadline: connection.parkingDeadline, now: now) {
            case .end:
                shutdown(connection.socket, Int32(SHUT_RDWR))
                findings.ended += 1
            case .wake:
                // It may be on its way into the lot still: then it is found there the next time.
                findings.due.append((connection, connection.subject))
                again = now + 100
            case .probe(let next):
                probed.append(connection)
                again = next
            case .keep(let next): again = next
            }
            wheel.file(connection, due: again)
        }
        findings.lost = Self.hungUp(probed).map { ($0, $0.subject) }
        return findings
    }

    /// Those whose peer has closed, by one system call for all; pending bytes, as a TLS alert's, do not hide it.
    private static func hungUp(_ connections: [Connection]) -> [Connection] {
        guard !connections.isEmpty else { return [] }
        // POLLRDHUP is not in Swift's view of <poll.h>, which hides it behind _GNU_SOURCE.
        let hangup: Int16 = 0x2000
        var entries = connections.map { pollfd(fd: $0.socket, events: hangup, revents: 0) }
        guard poll(&entries, nfds_t(entries.count), 0) > 0 else { return [] }
        return zip(connections, entries).filter { $0.1.revents != 0 }.map(\.0)
    }

    private func end(_ connection: Connection, now: Ticks) {
        shutdown(connection.socket, Int32(SHUT_RDWR))
        refile(connection, due: now + policy.step)
    }

    private func refile(_ connection: Connection, due: Ticks) {
        remove(connection)
        wheel.file(connection, due: due)
        rouse(by: due)
    }

    private func remove(_ connection: Connection) {
        switch connection.list {
        case .none: break
        case .fresh: fresh.remove(connection)
        case .wheel(let bucket): wheel.remove(connection, bucket: bucket)
        }
    }

    private func rouse(by due: Ticks) {
        if due < sleepsUntil { monitor.signal() }
    }

    private func sleep(_ now: Ticks) {
        let header = fresh.first.map { $0._withUnsafeGuaranteedRef { $0.activity.since } + policy.header }
        guard let next = [header, wheel.nextDue].compactMap({ $0 }).min() else {
            sleepsUntil = .max
            monitor.wait()
            sleepsUntil = 0
            return
        }
        guard next > now else { return }
        sleepsUntil = next
        monitor.wait(atMost: .milliseconds(Int64(next - now)))
        sleepsUntil = 0
    }
}
