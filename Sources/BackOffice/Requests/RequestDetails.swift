import Store
import Wire

/// What belongs to a request beside what every one has; kept as JSON. What is absent does not belong to its kind, or is not known yet.
struct RequestDetails: Codable, Sendable, Equatable {
    /// One answer as level 1 took it down, and whether it agreed with what was on record then.
    struct Answer: Codable, Sendable, Equatable {
        var field: AnswerField
        var given: String
        var agrees: Bool
    }

    struct Terminal: Codable, Sendable, Equatable {
        var imei: IMEI
        var fate: TerminalFate
    }

    /// What the vendor asks, in the words of who took it down.
    var text: String?
    /// The help desk's own ticket.
    var helpDeskTicket: String?
    /// The address that the vendor writes from.
    var email: String?
    /// Whether the receiving mail server found that the e-mail came from there; absent where nobody can tell.
    var isEmailProven: Bool?
    /// How level 1 made sure that it is the owner who writes.
    var ownerConfirmation: String?
    var answers: [Answer]?
    var checkedBy: String?
    var checkedAt: Timestamp?
    /// What stood on the account when level 1 asked.
    var holds: [String]?
    // Multiple channel access
    var channel: ChannelCode?
    var newAddress: String?
    /// The visit that satisfied the rule.
    var visit: String?
    // Theft
    var terminals: [Terminal]?
    // Locked device: forgotten when the case is closed.
    var accessCode: String?
    // Complaint
    var transaction: String?
    var proposal: RequestOutcome?
    var proposedBy: String?
    var amountCents: Int64?
    var answerText: String?

    init() {}

    init(stored bytes: [UInt8]) throws { self = try JSON.decode(RequestDetails.self, from: bytes) }
}
