extension Migration {
    /// Messages in, messages out, and what hangs on them.
    ///
    /// `ready_at` is `not_before` of the first open row of each lane while that one is waiting, and absent everywhere else: what may go is found
    /// without looking at what waits behind it. `SQLiteTransaction+Outbox.swift` keeps it.
    /// A watch is kept under its hold's number, not its id: ids are random, and a lock writes pages enough.
    /// Messages, outbox rows and lock watches name accounts and notes without referring to their rows: they are a record of what was.
    static let messages = Migration(
        number: 2,
        sql: """
            CREATE TABLE messages (
                provider TEXT NOT NULL, id TEXT NOT NULL,
                sender TEXT NOT NULL, received_at INTEGER NOT NULL, sent_at INTEGER, outcome TEXT NOT NULL, account TEXT,
                PRIMARY KEY (provider, id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX messages_by_sender ON messages(sender, provider, received_at);
            CREATE INDEX messages_by_account ON messages(account, received_at) WHERE account IS NOT NULL;
            CREATE INDEX messages_by_time ON messages(received_at);

            CREATE TABLE outbox (
                number INTEGER PRIMARY KEY,
                lane TEXT NOT NULL, provider TEXT NOT NULL, job BLOB NOT NULL, account TEXT, cause TEXT,
                state TEXT NOT NULL, created_at INTEGER NOT NULL, not_before INTEGER NOT NULL, ready_at INTEGER,
                attempts INTEGER NOT NULL, provider_id TEXT, failure TEXT, changed_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX outbox_open ON outbox(lane) WHERE state IN ('waiting', 'sending');
            CREATE INDEX outbox_ready ON outbox(ready_at) WHERE ready_at IS NOT NULL;
            CREATE INDEX outbox_stuck ON outbox(state) WHERE state IN ('sending', 'failed');
            CREATE INDEX outbox_by_provider_id ON outbox(provider_id) WHERE provider_id IS NOT NULL;
            CREATE INDEX outbox_by_account ON outbox(account) WHERE account IS NOT NULL;

            CREATE TABLE identities (
                account TEXT NOT NULL REFERENCES accounts(reference), identity TEXT NOT NULL,
                kind TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER,
                PRIMARY KEY (account, identity)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX identities_by_identity ON identities(identity);

            CREATE TABLE note_counts (note INTEGER PRIMARY KEY REFERENCES notes(id), count INTEGER NOT NULL) STRICT;

            CREATE TABLE lock_watches (
                hold INTEGER PRIMARY KEY REFERENCES holds(number),
                account TEXT, note INTEGER, reply_to BLOB, reply_number INTEGER, due_at INTEGER, finished_at INTEGER
            ) STRICT;
            CREATE INDEX lock_watches_due ON lock_watches(due_at) WHERE due_at IS NOT NULL;

            CREATE TABLE drills (
                number INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                account TEXT NOT NULL REFERENCES accounts(reference), revision INTEGER NOT NULL,
                requested_by TEXT NOT NULL, source TEXT NOT NULL, requested_at INTEGER NOT NULL,
                committed_at INTEGER, reply_to BLOB, finished_at INTEGER
            ) STRICT;
            CREATE INDEX drills_by_account ON drills(account);
            CREATE INDEX drills_open ON drills(requested_at) WHERE finished_at IS NULL;

            CREATE TABLE drill_terminals (
                drill TEXT NOT NULL REFERENCES drills(id), imei INTEGER NOT NULL REFERENCES devices(imei), confirmed_at INTEGER,
                PRIMARY KEY (drill, imei)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX drill_terminals_open ON drill_terminals(imei) WHERE confirmed_at IS NULL;

            CREATE TABLE number_changes (
                number INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                account TEXT NOT NULL REFERENCES accounts(reference), old_number TEXT, new_number TEXT NOT NULL, reason TEXT NOT NULL,
                state TEXT NOT NULL, requested_by TEXT NOT NULL, requested_at INTEGER NOT NULL,
                decided_by TEXT, decided_at INTEGER, cooling_until INTEGER
            ) STRICT;
            CREATE INDEX number_changes_by_account ON number_changes(account);

            CREATE TABLE evidence (
                number INTEGER PRIMARY KEY,
                change TEXT NOT NULL REFERENCES number_changes(id), kind TEXT NOT NULL, text TEXT NOT NULL,
                content_type TEXT, content BLOB
            ) STRICT;
            CREATE INDEX evidence_by_change ON evidence(change, kind);

            CREATE TABLE opt_outs (number TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
            """)
}
