internal import LockRules
internal import Store
internal import Wire

extension SQLiteTransaction {
    /// Three look-ups by key: the device, the account that governs it, its place among that account's devices.
    func lockFacts(imei: IMEI, claiming: AccountReference?) throws -> LockFacts {
        let stored = try connection.row(
            """
            SELECT registered_to, claimed, seated_at, COALESCE(registered_at, 0), is_decommissioned, revision,
                (SELECT group_concat(kind, ' ') FROM holds WHERE holds.imei = devices.imei AND released_at IS NULL)
            FROM devices WHERE imei = ?
            """, imei
        ) { row in
            (
                facts: LockFacts.Device(
                    registeredTo: try row.optional(0, row.reference), holds: try row.holdKinds(6), isDecommissioned: row.bool(4),
                    revision: row.integer(5)),
                claimed: try row.optional(1, row.reference), seatedAt: row.optional(2, row.integer), registeredAt: row.integer(3)
            )
        }
        var facts = LockFacts(device: stored?.facts, claimed: claiming, account: nil, devicesBefore: 0)
        guard let governing = facts.governing else { return facts }
        facts.account = try lockFacts(of: governing)
        guard facts.account != nil else { return facts }
        if let stored, stored.facts.registeredTo != nil {
            facts.devicesBefore = try devices(of: governing, before: .registered(at: stored.registeredAt), than: imei)
        } else if let stored, stored.claimed == governing, let seatedAt = stored.seatedAt {
            facts.devicesBefore = try devices(of: governing, before: .seated(at: seatedAt), than: imei)
        } else {
            facts.devicesBefore = try devices(of: governing, before: .unseated, than: imei)
        }
        return facts
    }

    private func lockFacts(of reference: AccountReference) throws -> LockFacts.Account? {
        try connection.row(
            """
            SELECT reference, language, revision, \(Self.channelsOfAccount),
                (SELECT group_concat(kind, ' ') FROM holds WHERE holds.account = accounts.reference AND released_at IS NULL)
            FROM accounts WHERE reference = ?
            """, reference
        ) { row in
            LockFacts.Account(
                reference: try row.reference(0), lockedChannels: try row.channels(3), holds: try row.holdKinds(4),
                revision: row.integer(2), language: row.text(1))
        }
    }

    /// What a device's place among those of its account follows from.
    private enum Place {
        case registered(at: Int64)
        /// Registered to none; its sign-in was accepted then.
        case seated(at: Int64)
        /// After all that are registered or seated.
        case unseated
    }

    /// How many other devices of the account are in service and come before this one; the order is that of `devices(of:)`.
    private func devices(of reference: AccountReference, before place: Place, than imei: IMEI) throws -> Int {
        let (registeredBefore, seatedBefore) =
            switch place {
            case .registered(let time): (time, Int64.min)
            case .seated(let time): (Int64.max, time)
            case .unseated: (Int64.max, Int64.max)
            }
        return Int(
            try connection.number(
                """
                SELECT (SELECT count(*) FROM devices WHERE registered_to = ?1 AND is_decommissioned = 0 AND imei <> ?2
                        AND (COALESCE(registered_at, 0), imei) < (?3, ?2))
                    + (SELECT count(*) FROM devices WHERE claimed = ?1 AND registered_to IS NULL AND is_decommissioned = 0 AND imei <> ?2
                        AND seated_at IS NOT NULL AND (seated_at, imei) < (?4, ?2))
                """, reference, imei, registeredBefore, seatedBefore))
    }
}
