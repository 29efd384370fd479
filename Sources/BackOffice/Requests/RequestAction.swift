import Wire

/// What somebody does with a request; the raw value is what entries and notes say.
package enum RequestAction: String, Codable, Sendable, CaseIterable {
    case opening
    /// An enquiry is given its kind.
    case sorting
    /// An e-mail of the vendor came.
    case email
    /// What level 1 asked and the vendor answered.
    case answers
    /// A field agent is there and gives their position.
    case visit
    /// The terminal's own position came, or did not.
    case visitSettled = "visit_settled"
    /// What became of the stolen terminals.
    case terminals
    case approval
    case refusal
    case cancellation
    case withdrawal
    case comment
    /// The owner of a locked device is written to.
    case letter
    /// The owner's answer: the access code.
    case code
    /// Operations tried it.
    case attempt
    case givingUp = "giving_up"
    /// How a complaint is to be answered.
    case proposal
    // What time does.
    case reminder
    case lapse
}

/// Whose turn it is.
package enum RequestParty: String, Codable, Sendable, CaseIterable {
    case vendor
    /// Level 1.
    case callCentre = "call_centre"
    /// Level 2.
    case senior
    case fieldAgent = "field_agent"
    /// Those who open devices.
    case operations
    /// Nobody: it is closed.
    case nobody
}

extension TicketNumber {
    /// Of a request in the store, whose numbers begin above 0.
    init(_ number: Int64) {
        guard let ticket = TicketNumber(number: number) else { preconditionFailure("\(number) is not the number of a stored request") }
        self = ticket
    }
}
