package import Wire

/// How far one lock has come on one terminal: a row for each terminal that was on the account when the hold was placed.
package struct DeliveryRecord: Sendable, Equatable {
    package var holdID: String
    package var imei: IMEI
    /// The lock state's revision that carries the hold to this terminal.
    package var revision: Revision
    package var deliveredAt: Timestamp?
    package var enforcedAt: Timestamp?

    package init(holdID: String, imei: IMEI, revision: Revision, deliveredAt: Timestamp? = nil, enforcedAt: Timestamp? = nil) {
        self.holdID = holdID
        self.imei = imei
        self.revision = revision
        self.deliveredAt = deliveredAt
        self.enforcedAt = enforcedAt
    }
}
