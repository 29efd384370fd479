internal import Synchronization

/// A part of the parking lot with a lock of its own.
final class ParkingShard: Sendable {
    let contents = Mutex(Contents())

    /// Mixes the digits of a subject, so that neighbours do not share a shard.
    static func spread(_ subject: UInt64) -> Int {
        Int(truncatingIfNeeded: (subject &* 0x9e37_79b9_7f4a_7c15) >> 40)
    }

    /// Which of a shard's 64 epochs counts the subject's wakes.
    static func slot(_ subject: UInt64) -> Int { spread(subject) >> 6 & 63 }

    struct Contents {
        var epochs = [UInt64](repeating: 0, count: 64)
        var isClosed = false
        /// The first parked connection of each subject; the others follow through `nextParked`. Not retained: a parked
        /// connection is suspended, and a suspended one is not freed.
        private var first: [UInt64: Connection.Link] = [:]

        mutating func insert(_ connection: Connection, _ subject: UInt64) {
            connection.nextParked = first.updateValue(.passUnretained(connection), forKey: subject)
        }

        mutating func wake(_ subject: UInt64) -> [Connection] {
            epochs[ParkingShard.slot(subject)] += 1
            return Self.unlink(first.removeValue(forKey: subject))
        }

        mutating func wakeAll(closing: Bool) -> [Connection] {
            isClosed = isClosed || closing
            for slot in epochs.indices { epochs[slot] += 1 }
            defer { first = [:] }
            return first.values.flatMap { Self.unlink($0) }
        }

        /// Removes the first connection of a subject for which the condition holds.
        mutating func remove(_ subject: UInt64, where condition: (Connection) -> Bool) -> Connection? {
            var before: Connection?
            var link = first[subject]
            while let connection = link?.takeUnretainedValue() {
                if condition(connection) {
                    if let before { before.nextParked = connection.nextParked } else { first[subject] = connection.nextParked }
                    connection.nextParked = nil
                    return connection
                }
                before = connection
                link = connection.nextParked
            }
            return nil
        }

        private static func unlink(_ start: Connection.Link?) -> [Connection] {
            var connections: [Connection] = []
            var link = start
            while let connection = link?.takeUnretainedValue() {
                connections.append(connection)
                link = connection.nextParked
                connection.nextParked = nil
            }
            return connections
        }
    }
}
