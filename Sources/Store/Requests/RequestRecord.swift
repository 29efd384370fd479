package import Wire

/// Something that a vendor asks for, on its way through the checks; its number is the ticket.
package struct RequestRecord: Sendable, Equatable {
    /// Given by the store; 0 before.
    package var number: Int64
    package var kind: RequestKind
    package var account: AccountReference?
    /// The device that it is about.
    package var imei: IMEI?
    package var step: RequestStep
    /// Counts up when a step must be done anew; from 1.
    package var round: Int
    package var source: RequestSource
    package var openedBy: String
    package var openedAt: Timestamp
    /// When it came to its present step.
    package var movedAt: Timestamp
    /// By when somebody is to act; absent when it is closed.
    package var dueAt: Timestamp?
    /// When time alone does something next: a reminder, an alert, the end. Absent when nothing is left to do.
    package var lookAt: Timestamp?
    /// Sent in the present step.
    package var reminders: Int
    /// Something came from the vendor that nobody has acted on.
    package var hasNews: Bool
    package var outcome: RequestOutcome?
    package var closedAt: Timestamp?
    /// The change of number that it stands for.
    package var numberChange: String?
    /// What belongs to its kind, in the engine's own form.
    package var details: [UInt8]

    package init(
        number: Int64 = 0, kind: RequestKind, account: AccountReference?, imei: IMEI? = nil, step: RequestStep, round: Int = 1,
        source: RequestSource, openedBy: String, openedAt: Timestamp, movedAt: Timestamp? = nil, dueAt: Timestamp? = nil,
        lookAt: Timestamp? = nil, reminders: Int = 0, hasNews: Bool = false, outcome: RequestOutcome? = nil, closedAt: Timestamp? = nil,
        numberChange: String? = nil, details: [UInt8] = []
    ) {
        self.number = number
        self.kind = kind
        self.account = account
        self.imei = imei
        self.step = step
        self.round = round
        self.source = source
        self.openedBy = openedBy
        self.openedAt = openedAt
        self.movedAt = movedAt ?? openedAt
        self.dueAt = dueAt
        self.lookAt = lookAt
        self.reminders = reminders
        self.hasNews = hasNews
        self.outcome = outcome
        self.closedAt = closedAt
        self.numberChange = numberChange
        self.details = details
    }
}

/// One thing that was done with a request: never changed, shown oldest first.
package struct RequestEntryRecord: Sendable, Equatable {
    package var request: Int64
    package var at: Timestamp
    package var actor: String
    /// Absent where no member of staff acted.
    package var role: Role?
    /// The action, or `reminder`, `lapse`, `email`.
    package var action: String
    /// Where the request stood afterwards.
    package var step: RequestStep
    package var text: String

    package init(request: Int64, at: Timestamp, actor: String, role: Role?, action: String, step: RequestStep, text: String) {
        self.request = request
        self.at = at
        self.actor = actor
        self.role = role
        self.action = action
        self.step = step
        self.text = text
    }
}

/// Which requests are asked for; what is absent does not narrow.
package struct RequestFilter: Sendable, Equatable {
    package var kind: RequestKind?
    package var account: AccountReference?
    package var imei: IMEI?
    package var step: RequestStep?
    /// `true`: those that are not closed; `false`: the closed ones.
    package var isOpen: Bool?
    /// Those due before this moment.
    package var dueBefore: Timestamp?
    package var hasNews: Bool?
    package var outcome: RequestOutcome?

    package init(
        kind: RequestKind? = nil, account: AccountReference? = nil, imei: IMEI? = nil, step: RequestStep? = nil, isOpen: Bool? = nil,
        dueBefore: Timestamp? = nil, hasNews: Bool? = nil, outcome: RequestOutcome? = nil
    ) {
        self.kind = kind
        self.account = account
        self.imei = imei
        self.step = step
        self.isOpen = isOpen
        self.dueBefore = dueBefore
        self.hasNews = hasNews
        self.outcome = outcome
    }
}

/// How many open requests of one kind stand at one step.
package struct RequestCount: Sendable, Equatable {
    package var kind: RequestKind
    package var step: RequestStep
    package var open: Int
    package var overdue: Int

    package init(kind: RequestKind, step: RequestStep, open: Int, overdue: Int) {
        self.kind = kind
        self.step = step
        self.open = open
        self.overdue = overdue
    }
}
