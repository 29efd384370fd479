package import Store
package import Wire

/// What a request to change a linked number must be shown to rest on.
package enum EvidenceKind: String, Codable, CaseIterable, Sendable {
    /// A picture of the notice of change that the vendor signed.
    case changeNotice = "change_notice"
    /// The last conversation with the old number.
    case lastConversation = "last_conversation"
    /// A sale that only the vendor can tell of.
    case pastTransaction = "past_transaction"

    /// Proved by a picture, not by words.
    var isPicture: Bool { self == .changeNotice }

    static let list = allCases.map(\.rawValue).joined(separator: ", ")
}

/// `POST …/number-changes`.
package struct NewNumberChangeBody: Codable, Sendable {
    package struct Piece: Codable, Sendable {
        package var kind: EvidenceKind
        package var text: String?
        /// Media type of `content`.
        package var content_type: String?
        /// In Base64.
        package var content: String?

        package init(kind: EvidenceKind, text: String? = nil, content_type: String? = nil, content: String? = nil) {
            self.kind = kind
            self.text = text
            self.content_type = content_type
            self.content = content
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            kind = try container.word(EvidenceKind.self, forKey: .kind)
            text = try container.decodeIfPresent(String.self, forKey: .text)
            content_type = try container.decodeIfPresent(String.self, forKey: .content_type)
            content = try container.decodeIfPresent(String.self, forKey: .content)
        }
    }

    package var new_number: String
    package var reason: String
    package var evidence: [Piece]

    package init(new_number: String, reason: String, evidence: [Piece]) {
        self.new_number = new_number
        self.reason = reason
        self.evidence = evidence
    }
}

/// A request to change a linked number, and how far it has come.
package struct NumberChangeBody: Codable, Sendable {
    package struct Evidence: Codable, Sendable {
        package var kind: String
        package var text: String
        /// Of the picture, which is asked for by itself; absent where there is none.
        package var content_type: String?
        package var content_bytes: Int?
    }

    package var id: String
    /// Of the request that stands for it; absent for one from before there were requests.
    package var ticket: TicketNumber?
    package var account: AccountReference
    package var old_number: String?
    package var new_number: String
    package var reason: String
    package var state: String
    package var requested_by: String
    package var requested_at: Timestamp
    package var decided_by: String?
    package var decided_at: Timestamp?
    package var cooling_until: Timestamp?
    /// Absent in lists.
    package var evidence: [Evidence]?

    package init(_ change: NumberChangeRecord, _ evidence: [EvidenceRecord]? = nil, ticket number: Int64?) {
        id = change.id
        ticket = number.map { TicketNumber($0) }
        account = change.account
        old_number = change.oldNumber
        new_number = change.newNumber
        reason = change.reason
        state = change.state.rawValue
        requested_by = change.requestedBy
        requested_at = change.requestedAt
        decided_by = change.decidedBy
        decided_at = change.decidedAt
        cooling_until = change.coolingUntil
        self.evidence = evidence?.map {
            Evidence(kind: $0.kind, text: $0.text, content_type: $0.contentType, content_bytes: $0.content?.count)
        }
    }
}

package struct NumberChangeListBody: Codable, Sendable {
    package var number_changes: [NumberChangeBody]
}
