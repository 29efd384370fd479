/// Who a parked poll belongs to: two polls with the same key are the same client's, and the newer ends the older.
package struct ParkingKey: Sendable, Hashable {
    /// What is woken, as the 14 digits of an IMEI.
    package let subject: UInt64
    /// Tells polls of one subject apart, as an interned channel does.
    package let lane: UInt32

    package init(subject: UInt64, lane: UInt32) {
        self.subject = subject
        self.lane = lane
    }
}

/// How long, and for what, a request is held.
package struct Parking: Sendable {
    package let key: ParkingKey
    /// `ParkingLot.epoch(of:)`, taken before the truth was read: a wake since then calls the handler again at once.
    package let seen: UInt64
    package let deadline: ContinuousClock.Instant
    /// Kept for the handler, which finds it as `HTTPRequest.parkedState` when called again.
    package let state: (any AnyObject & Sendable)?

    package init(key: ParkingKey, seen: UInt64, deadline: ContinuousClock.Instant, state: (any AnyObject & Sendable)? = nil) {
        self.key = key
        self.seen = seen
        self.deadline = deadline
        self.state = state
    }
}
