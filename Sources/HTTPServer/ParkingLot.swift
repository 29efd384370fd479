internal import Synchronization

/// The requests that are held until their subject changes.
///
/// To park without missing a change: take `epoch(of:)`, read the truth, and answer `.park` with that epoch. A wake in between
/// is noticed when the request enters the lot, and calls the handler again at once.
///
/// - Concurrency: any thread. Each subject belongs to one shard with a lock of its own.
package final class ParkingLot: Sendable {
    private let shards: [ParkingShard]
    private let parked = Atomic<Int>(0)

    package init() {
        shards = (0..<64).map { _ in ParkingShard() }
    }

    /// How many requests are parked.
    package var count: Int { parked.load(ordering: .relaxed) }

    /// A number that rises when the subject is woken (and sometimes when another one is, which does no harm).
    package func epoch(of subject: UInt64) -> UInt64 {
        shard(subject).contents.withLock { $0.epochs[ParkingShard.slot(subject)] }
    }

    /// Has every parked request of the subject handled again, each exactly once.
    package func wake(subject: UInt64) {
        let woken = shard(subject).contents.withLock { $0.wake(subject) }
        resume(woken, .changed)
    }

    /// Has every parked request handled again, as after changes were missed.
    package func wakeAll() {
        for shard in shards { resume(shard.contents.withLock { $0.wakeAll(closing: false) }, .changed) }
    }

    /// Has every parked request answered, and lets no other in.
    func close() {
        for shard in shards { resume(shard.contents.withLock { $0.wakeAll(closing: true) }, .shuttingDown) }
    }

    enum Entry: Equatable {
        case parked
        /// The subject was woken after its epoch was taken; the connection was left as it is.
        case changed
        case closed
    }

    /// Suspends the connection and keeps it, in one step with the check of the epoch; ends an older poll of the same key.
    func enter(_ connection: Connection, _ parking: Parking) -> Entry {
        let subject = parking.key.subject
        var older: Connection?
        let entry = shard(subject).contents.withLock { contents -> Entry in
            if contents.isClosed { return .closed }
            if contents.epochs[ParkingShard.slot(subject)] != parking.seen { return .changed }
            older = contents.remove(subject) { $0.lane == parking.key.lane }
            connection.turn = .parked
            connection.handle.suspend()
            parked.add(1, ordering: .relaxed)
            contents.insert(connection, subject)
            return .parked
        }
        if let older { resume([older], .superseded) }
        return entry
    }

    /// Takes out a connection for its deadline, or because its client has gone.
    ///
    /// - Returns: false when another has taken it first.
    func release(_ connection: Connection, subject: UInt64, because turn: Turn, where condition: (Connection) -> Bool) -> Bool {
        let taken = shard(subject).contents.withLock { contents in
            contents.remove(subject) { $0 === connection && condition($0) }
        }
        guard let taken else { return false }
        resume(taken, turn)
        return true
    }

    private func resume(_ connections: [Connection], _ waking: Waking) {
        for connection in connections { resume(connection, .woken(waking)) }
    }

    /// Whoever took the connection out of its shard, and nobody else, comes here.
    private func resume(_ connection: Connection, _ turn: Turn) {
        parked.subtract(1, ordering: .relaxed)
        connection.turn = turn
        connection.handle.resume()
    }

    private func shard(_ subject: UInt64) -> ParkingShard { shards[ParkingShard.spread(subject) & 63] }
}
