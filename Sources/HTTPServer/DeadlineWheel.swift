/// Connections by the time at which each is to be looked at, in buckets of 64 ms.
///
/// Filing and removing cost the same however many there are. What is filed beyond the horizon comes up early, and is filed anew.
struct DeadlineWheel {
    /// Bits of a tick below a bucket: 64 ms.
    private static let grain: Ticks = 6
    /// Buckets: 65 s.
    private static let size: Ticks = 1024

    private var buckets = [ConnectionList](repeating: ConnectionList(), count: Int(size))
    /// The first bucket that has not been emptied, counted since the clock began.
    private var position: Ticks

    init(now: Ticks) {
        position = now >> Self.grain
    }

    mutating func file(_ connection: Connection, due: Ticks) {
        let bucket = min(max(due >> Self.grain + 1, position), position + Self.size - 1) % Self.size
        buckets[Int(bucket)].append(connection, as: .wheel(UInt16(bucket)))
    }

    mutating func remove(_ connection: Connection, bucket: UInt16) {
        buckets[Int(bucket)].remove(connection)
    }

    /// Takes one connection that is due out of the wheel; nil when there is none left.
    mutating func popDue(now: Ticks) -> Connection? {
        let present = now >> Self.grain
        while position <= present {
            let bucket = Int(position % Self.size)
            if let link = buckets[bucket].first {
                let connection = link.takeUnretainedValue()
                buckets[bucket].remove(connection)
                return connection
            }
            position += 1
        }
        return nil
    }

    /// When the next bucket with something in it is due; nil when the wheel is empty.
    var nextDue: Ticks? {
        for step in 0..<Self.size where !buckets[Int((position + step) % Self.size)].isEmpty {
            return (position + step) << Self.grain
        }
        return nil
    }

    /// Walks over all of it.
    func count(where condition: (Connection) -> Bool) -> Int {
        var count = 0
        for bucket in buckets {
            var link = bucket.first
            while let connection = link?.takeUnretainedValue() {
                if condition(connection) { count += 1 }
                link = connection.next
            }
        }
        return count
    }
}
