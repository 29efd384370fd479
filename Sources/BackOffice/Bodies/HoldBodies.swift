package import Store
package import Wire

/// `POST …/holds`.
package struct NewHoldBody: Codable, Sendable {
    package var kind: HoldKind
    package var reason: String
    package init(kind: HoldKind, reason: String) {
        self.kind = kind
        self.reason = reason
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(kind: try container.word(HoldKind.self, forKey: .kind), reason: try container.decode(String.self, forKey: .reason))
    }
}

/// `DELETE …/holds/{id}` and `DELETE …/sign-in`: why.
package struct ReleaseBody: Codable, Sendable {
    package var note: String
    package init(note: String) { self.note = note }
}

package struct HoldBody: Codable, Sendable {
    package var id: String
    package var kind: HoldKind
    package var reason: String
    package var placed_by: String
    package var source: String
    package var requested_at: Timestamp
    package var committed_at: Timestamp?
    package var released_at: Timestamp?
    package var released_by: String?
    package var revision: Revision

    package init(_ hold: HoldRecord) {
        id = hold.id
        kind = hold.kind
        reason = hold.reason
        placed_by = hold.placedBy
        source = hold.source
        requested_at = hold.requestedAt
        committed_at = hold.committedAt
        released_at = hold.releasedAt
        released_by = hold.releasedBy
        revision = hold.revision
    }
}

/// One lock and how far it has come: `requested → committed → delivered → enforced`, for each terminal.
package struct LockBody: Codable, Sendable {
    package struct Terminal: Codable, Sendable {
        package var imei: ShownIMEI
        package var delivered_at: Timestamp?
        package var enforced_at: Timestamp?
        /// Milliseconds from committed to enforced.
        package var time_to_lock_ms: Int64?
        package var last_seen: Timestamp?
        /// Until when it may sell, should it hear nothing more; absent once it enforces the lock, or if it was never heard.
        package var spends_until: Timestamp?
        /// Hours that an offline code would give which was given for it and not used.
        package var unused_code_hours: Int?
    }
    package var id: String
    package var kind: HoldKind
    package var reason: String
    package var placed_by: String
    package var source: String
    package var revision: Revision
    package var requested_at: Timestamp
    package var committed_at: Timestamp?
    package var released_at: Timestamp?
    package var terminals: [Terminal]
}

package struct LockListBody: Codable, Sendable {
    package var locks: [LockBody]
    package var next: String?
}
