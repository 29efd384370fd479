/// What a request asks for: which steps it takes is in `BackOffice/Requests/Flow.swift`.
package enum RequestKind: String, Codable, Sendable, CaseIterable {
    /// A second channel on an account.
    case multipleChannelAccess = "multiple_channel_access"
    case linkedNumberChange = "linked_number_change"
    /// The vendor's own lock lifted after a theft.
    case unlockAfterTheft = "unlock_after_theft"
    /// A locked device that came back, whose access code only its owner knows.
    case lockedDevice = "locked_device"
    case geolocationVisit = "geolocation_visit"
    /// About a transaction or a refund.
    case complaint
    /// An e-mail that nobody has sorted yet.
    case enquiry
}

/// Where a request stands; it moves from one to the next by an action.
package enum RequestStep: String, Codable, Sendable, CaseIterable {
    case sorting
    case awaitingEmail = "awaiting_email"
    case level1 = "level_1"
    case visit
    /// What became of the stolen terminals.
    case terminals
    case level2 = "level_2"
    case found
    case awaitingOwner = "awaiting_owner"
    case toTry = "to_try"
    case investigation
    case closed
}

/// By which way a request came.
package enum RequestSource: String, Codable, Sendable, CaseIterable {
    case email, phone, whatsapp, sms, freshchat
    case inPerson = "in_person"
}

/// How a request ended.
package enum RequestOutcome: String, Codable, Sendable, CaseIterable {
    case approved, refused, withdrawn, lapsed
    case wrongAnswer = "wrong_answer"
    /// The visit satisfied the rule.
    case located
    /// A device that its owner's code opened.
    case opened
    case givenUp = "given_up"
    case settled, refunded, rejected
    /// A change of number that was approved and undone within its cooling-off.
    case cancelled
}
