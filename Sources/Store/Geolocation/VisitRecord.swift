package import Wire

/// A visit to a terminal: where the visitor's telephone was, and where the terminal itself says that it is.
package struct VisitRecord: Sendable, Equatable {
    package enum State: String, Codable, CaseIterable, Sendable {
        /// The terminal has not answered yet.
        case waiting
        /// The two positions agree.
        case satisfied
        /// They do not.
        case notSatisfied = "not_satisfied"
        /// One of them is not exact enough to decide anything.
        case tooCoarse = "too_coarse"
        /// The terminal's position is of another time than the visit.
        case stale
        /// The terminal answered that it does not know where it is.
        case noFix = "no_fix"
        /// It did not answer in time.
        case noAnswer = "no_answer"
    }

    package var id: String
    /// Number of the ticket that it belongs to.
    package var ticket: Int64?
    package var account: AccountReference?
    package var imei: IMEI
    /// The location request whose answer settles it.
    package var requestID: String
    /// Who is there, as in the notes: `user:NAME`.
    package var by: String
    package var role: Role?
    package var at: Timestamp
    /// When it stops waiting.
    package var expiresAt: Timestamp
    package var phone: Position
    package var device: Position?
    /// Between telephone and terminal.
    package var distanceMetres: Double?
    /// Between telephone and the address's last known position.
    package var addressDistanceMetres: Double?
    package var state: State
    package var settledAt: Timestamp?
    package var note: String?

    package init(
        id: String, ticket: Int64? = nil, account: AccountReference? = nil, imei: IMEI, requestID: String, by: String, role: Role? = nil,
        at: Timestamp, expiresAt: Timestamp, phone: Position, device: Position? = nil, distanceMetres: Double? = nil,
        addressDistanceMetres: Double? = nil, state: State = .waiting, settledAt: Timestamp? = nil, note: String? = nil
    ) {
        self.id = id
        self.ticket = ticket
        self.account = account
        self.imei = imei
        self.requestID = requestID
        self.by = by
        self.role = role
        self.at = at
        self.expiresAt = expiresAt
        self.phone = phone
        self.device = device
        self.distanceMetres = distanceMetres
        self.addressDistanceMetres = addressDistanceMetres
        self.state = state
        self.settledAt = settledAt
        self.note = note
    }
}
