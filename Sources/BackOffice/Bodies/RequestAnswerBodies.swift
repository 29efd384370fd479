package import Store
package import Wire

/// A request as it stands, and whose turn it is.
package struct RequestBody: Codable, Sendable {
    package struct Answer: Codable, Sendable {
        package var field: String
        /// Absent for level 1, like `stored`: an old ticket must not tell what is right.
        package var given: String?
        package var agrees: Bool
        /// What is on record now.
        package var stored: String?
    }

    package struct Terminal: Codable, Sendable {
        package var imei: ShownIMEI
        package var fate: String
    }

    package struct Entry: Codable, Sendable {
        package var at: Timestamp
        package var actor: String
        package var role: Role?
        package var action: String
        package var step: RequestStep
        package var text: String
    }

    /// One thing that can be done now.
    package struct Next: Codable, Sendable {
        package var action: RequestAction
        package var roles: [Role]
    }

    /// `VL-1042`.
    package var ticket: String
    package var kind: RequestKind
    package var account: AccountReference?
    package var imei: ShownIMEI?
    package var step: RequestStep
    package var waiting_for: RequestParty
    package var round: Int
    package var source: RequestSource
    package var opened_by: String
    package var opened_at: Timestamp
    package var moved_at: Timestamp
    package var due_at: Timestamp?
    package var overdue: Bool
    package var reminders: Int
    package var has_news: Bool
    package var outcome: RequestOutcome?
    package var closed_at: Timestamp?

    package var text: String?
    package var help_desk_ticket: String?
    package var email: String?
    package var email_confirmed: Bool?
    package var email_on_record: Bool?
    package var owner_confirmation: String?
    package var channel: ChannelCode?
    package var new_address: String?
    package var number_change: String?
    package var visit: String?
    package var terminals: [Terminal]?
    /// For those who try it, until the case is closed.
    package var access_code: String?
    package var transaction: String?
    package var amount_cents: Int64?
    package var proposal: RequestOutcome?
    package var answer_text: String?
    package var checked_by: String?
    /// Of the account, for level 2.
    package var last_channel: AccountRecord.LastChannel?
    package var answers: [Answer]?

    /// What level 1 is to ask; absent unless it is at that step.
    package var asks: [String]?
    /// Absent in lists, like `entries`.
    package var next: [Next]?
    package var entries: [Entry]?
}

package struct RequestListBody: Codable, Sendable {
    package var requests: [RequestBody]
    package var next: String?
}

/// Open requests by the step at which they stand.
package struct RequestBoardBody: Codable, Sendable {
    package struct Column: Codable, Sendable {
        package var step: RequestStep
        package var waiting_for: RequestParty
        package var open: Int
        package var overdue: Int
        /// The newest ones.
        package var requests: [RequestBody]
    }

    /// Absent: of all kinds.
    package var kind: RequestKind?
    package var columns: [Column]
}

/// The kinds of requests with their steps: the table that decides.
package struct RequestKindListBody: Codable, Sendable {
    package struct Kind: Codable, Sendable {
        package var kind: RequestKind
        package var title: String
        package var opens_at: [RequestStep]
        package var steps: [Step]
    }

    package struct Step: Codable, Sendable {
        package var step: RequestStep
        package var waiting_for: RequestParty
        package var due_in_s: Int64?
        package var moves: [Move]
    }

    package struct Move: Codable, Sendable {
        package var action: RequestAction
        package var leads_to: [RequestStep]
        /// Empty: nobody's; time or a terminal does it.
        package var roles: [Role]
        package var takes_second_person: Bool
    }

    package var kinds: [Kind]

    package init(_ flows: [Flow]) {
        kinds = flows.map { flow in
            Kind(
                kind: flow.kind, title: flow.title, opens_at: flow.opens,
                steps: flow.steps.map { step in
                    let waiting = Flow.waiting(at: step)
                    return Step(
                        step: step, waiting_for: waiting.party, due_in_s: step == .closed ? nil : waiting.patience.components.seconds,
                        moves: flow.moves(from: step).map {
                            Move(action: $0.action, leads_to: $0.to, roles: $0.roles, takes_second_person: $0.takesSecondPerson)
                        })
                })
        }
    }
}
