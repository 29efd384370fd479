internal import Store
internal import Wire

extension SQLiteTransaction {
    /// The newest event is never dropped, so the highest that is stored is the last.
    func lastEventSequence(of imei: IMEI) throws -> Int64 {
        try connection.number("SELECT COALESCE(max(seq), 0) FROM events WHERE imei = ?", imei)
    }

    func events(of imei: IMEI, kind: String?, before: Int64?, limit: Int) throws -> [EventRecord] {
        guard let kind else {
            return try connection.rows(
                "SELECT imei, event, received_at FROM events WHERE imei = ? AND seq < ? ORDER BY seq DESC LIMIT ?", imei,
                before ?? Int64.max, max(0, limit), as: Self.event)
        }
        return try connection.rows(
            "SELECT imei, event, received_at FROM events INDEXED BY events_by_kind WHERE imei = ? AND kind = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
            imei, kind,
            before ?? Int64.max, max(0, limit), as: Self.event)
    }

    func lastFix(of imei: IMEI) throws -> EventRecord? {
        try connection.row(
            """
            SELECT imei, event, received_at FROM events INDEXED BY events_by_kind
            WHERE imei = ? AND kind = ? AND json_extract(event, '$.lat') IS NOT NULL AND json_extract(event, '$.lon') IS NOT NULL
            ORDER BY seq DESC LIMIT 1
            """, imei, TerminalEvent.Kind.location.rawValue, as: Self.event)
    }

    func lastCell(of imei: IMEI) throws -> EventRecord? {
        try connection.row(
            """
            SELECT imei, event, received_at FROM events INDEXED BY events_by_kind
            WHERE imei = ? AND kind = ? AND json_extract(event, '$.cell') IS NOT NULL ORDER BY seq DESC LIMIT 1
            """, imei, TerminalEvent.Kind.location.rawValue, as: Self.event)
    }

    private static func event(_ row: Row) throws -> EventRecord {
        do {
            let event = try JSON.decode(TerminalEvent.self, from: Array(row.text(1).utf8))
            return EventRecord(imei: try row.imei(0), event: event, receivedAt: row.time(2))
        } catch let refusal as JSONRefusal {
            throw row.damaged(1, refusal.description)
        }
    }

    func appendEvents(_ events: [TerminalEvent], of imei: IMEI, at: Timestamp) throws -> (last: Int64, added: Int) {
        let known = try connection.row("SELECT 1 FROM devices WHERE imei = ?", imei) { $0.bool(0) }
        try requireRow(known == nil ? 0 : 1, "device \(imei)")
        let first = try lastEventSequence(of: imei)
        var last = first
        var added = 0
        for event in events.sorted(by: { $0.seq < $1.seq }) where event.seq > last {
            try connection.run(
                "INSERT INTO events VALUES (?, ?, ?, ?, ?)", imei, event.seq, event.kind,
                String(decoding: JSON.encode(event), as: UTF8.self), at)
            last = event.seq
            added += 1
        }
        // Counting all of them each time would cost more than keeping a few too many.
        let step = Int64(max(1, keptEvents / 40))
        if last / step != first / step { try dropOldestEvents(of: imei) }
        return (last, added)
    }

    /// Refusals at the gate are many and alike: they go first.
    private func dropOldestEvents(of imei: IMEI) throws {
        let excess = try connection.number("SELECT count(*) FROM events WHERE imei = ?", imei) - Int64(keptEvents)
        guard excess > 0 else { return }
        try connection.run(
            """
            DELETE FROM events WHERE imei = ?1 AND seq IN (
                SELECT seq FROM events WHERE imei = ?1 AND seq < (SELECT max(seq) FROM events WHERE imei = ?1)
                ORDER BY kind <> ?2, seq LIMIT ?3)
            """, imei, TerminalEvent.Kind.gateRefused.rawValue, excess)
    }
}
