extension Migration {
    /// Requests of vendors, and what was done with each.
    ///
    /// A device need not be known here: a second channel is opened for one that has never connected.
    /// Their numbers are read out on the telephone and written into subjects of e-mails, so they begin at 1001 and none is ever given again.
    static let requests = Migration(
        number: 6,
        sql: """
            CREATE TABLE requests (
                number INTEGER PRIMARY KEY AUTOINCREMENT,
                kind TEXT NOT NULL, account TEXT REFERENCES accounts(reference), imei INTEGER,
                step TEXT NOT NULL, round INTEGER NOT NULL, source TEXT NOT NULL,
                opened_by TEXT NOT NULL, opened_at INTEGER NOT NULL, moved_at INTEGER NOT NULL, due_at INTEGER, look_at INTEGER,
                reminders INTEGER NOT NULL, has_news INTEGER NOT NULL, outcome TEXT, closed_at INTEGER,
                number_change TEXT UNIQUE REFERENCES number_changes(id), details BLOB NOT NULL
            ) STRICT;
            INSERT INTO sqlite_sequence (name, seq) VALUES ('requests', 1000);
            CREATE INDEX requests_by_account ON requests(account) WHERE account IS NOT NULL;
            CREATE INDEX requests_by_device ON requests(imei) WHERE imei IS NOT NULL;
            CREATE INDEX requests_open ON requests(kind, step) WHERE closed_at IS NULL;
            CREATE INDEX requests_due ON requests(look_at) WHERE look_at IS NOT NULL;

            CREATE INDEX accounts_by_email ON accounts(lower(email)) WHERE email IS NOT NULL;

            CREATE TABLE request_entries (
                id INTEGER PRIMARY KEY,
                request INTEGER NOT NULL REFERENCES requests(number),
                at INTEGER NOT NULL, actor TEXT NOT NULL, role TEXT, action TEXT NOT NULL, step TEXT NOT NULL, text TEXT NOT NULL
            ) STRICT;
            CREATE INDEX request_entries_by_request ON request_entries(request);

            INSERT INTO requests (kind, account, step, round, source, opened_by, opened_at, moved_at, due_at, look_at, reminders, has_news,
                number_change, details)
            SELECT 'linked_number_change', account, 'level_2', 1, 'in_person', requested_by, requested_at, requested_at, requested_at + 86400000,
                requested_at + 86400000, 0, 0, id, CAST(json_object('text', reason) AS BLOB)
            FROM number_changes WHERE state = 'requested' ORDER BY number;
            INSERT INTO request_entries (request, at, actor, role, action, step, text)
            SELECT number, opened_at, opened_by, NULL, 'opening', 'level_2', 'Asked for before there were requests.' FROM requests;
            """)
}
