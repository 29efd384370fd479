package import Wire

/// A terminal that is being asked where it is: one at a time for each.
package struct LocationRequestRecord: Sendable, Equatable {
    package var imei: IMEI
    /// The command's identifier in its leases; its answer names it.
    package var id: String
    package var askedAt: Timestamp
    /// From then on it is asked no more.
    package var expiresAt: Timestamp

    package init(imei: IMEI, id: String, askedAt: Timestamp, expiresAt: Timestamp) {
        self.imei = imei
        self.id = id
        self.askedAt = askedAt
        self.expiresAt = expiresAt
    }
}
