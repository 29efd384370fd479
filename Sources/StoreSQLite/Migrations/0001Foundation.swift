extension Migration {
    /// Accounts, terminals, holds, notes and what belongs to them.
    ///
    /// Times are Unix milliseconds, IMEIs their first 14 digits as a number, `search` is lower-case text for LIKE.
    /// Notes refer to no row, because what happened is recorded even of a terminal or an account that is not known.
    /// Locked channels refer to no catalogue row, because a channel may leave the catalogue while an account still has it.
    static let foundation = Migration(
        number: 1,
        sql: """
            CREATE TABLE accounts (
                reference TEXT PRIMARY KEY,
                name TEXT NOT NULL, surname TEXT, address TEXT, id_number TEXT, email TEXT,
                linked_number TEXT, language TEXT NOT NULL,
                last_channel TEXT, last_channel_imei INTEGER, last_channel_at INTEGER,
                revision INTEGER NOT NULL, created_at INTEGER NOT NULL,
                search TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX accounts_by_number ON accounts(linked_number) WHERE linked_number IS NOT NULL;

            CREATE TABLE account_channels (
                reference TEXT NOT NULL REFERENCES accounts(reference),
                place INTEGER NOT NULL,
                channel TEXT NOT NULL,
                PRIMARY KEY (reference, place), UNIQUE (reference, channel)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE devices (
                imei INTEGER PRIMARY KEY,
                registered_to TEXT REFERENCES accounts(reference), claimed TEXT,
                seated_at INTEGER, registered_at INTEGER,
                model TEXT, is_decommissioned INTEGER NOT NULL,
                public_key BLOB, enrolled_channel TEXT, agent_version TEXT, boot_id TEXT,
                last_seen INTEGER, revision INTEGER NOT NULL, created_at INTEGER NOT NULL,
                search TEXT NOT NULL
            ) STRICT;
            CREATE INDEX devices_by_registration ON devices(registered_to, registered_at) WHERE registered_to IS NOT NULL;
            CREATE INDEX devices_by_claim ON devices(claimed, seated_at) WHERE registered_to IS NULL AND claimed IS NOT NULL;

            CREATE TABLE holds (
                number INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                account TEXT REFERENCES accounts(reference), imei INTEGER REFERENCES devices(imei),
                kind TEXT NOT NULL, reason TEXT NOT NULL, placed_by TEXT NOT NULL, source TEXT NOT NULL,
                requested_at INTEGER NOT NULL, committed_at INTEGER, released_at INTEGER, released_by TEXT,
                revision INTEGER NOT NULL,
                CHECK ((account IS NULL) <> (imei IS NULL))
            ) STRICT;
            CREATE INDEX holds_by_account ON holds(account, released_at) WHERE account IS NOT NULL;
            CREATE INDEX holds_by_device ON holds(imei, released_at) WHERE imei IS NOT NULL;

            CREATE TABLE deliveries (
                hold TEXT NOT NULL REFERENCES holds(id), imei INTEGER NOT NULL REFERENCES devices(imei),
                revision INTEGER NOT NULL, delivered_at INTEGER, enforced_at INTEGER,
                PRIMARY KEY (hold, imei)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX deliveries_by_device ON deliveries(imei, enforced_at);

            CREATE TABLE notes (
                id INTEGER PRIMARY KEY,
                account TEXT, imei INTEGER, office INTEGER CHECK (office = 1),
                at INTEGER NOT NULL, actor TEXT NOT NULL, role TEXT, via TEXT NOT NULL, source_address TEXT,
                kind TEXT NOT NULL, text TEXT NOT NULL, ticket TEXT, hash TEXT NOT NULL,
                CHECK ((account IS NOT NULL) + (imei IS NOT NULL) + (office IS NOT NULL) = 1)
            ) STRICT;
            CREATE INDEX notes_by_account ON notes(account) WHERE account IS NOT NULL;
            CREATE INDEX notes_by_device ON notes(imei) WHERE imei IS NOT NULL;
            CREATE INDEX notes_by_office ON notes(office) WHERE office IS NOT NULL;

            CREATE TABLE account_note_heads (account TEXT PRIMARY KEY, count INTEGER NOT NULL, hash TEXT NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE device_note_heads (imei INTEGER PRIMARY KEY, count INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
            CREATE TABLE office_note_heads (office INTEGER PRIMARY KEY CHECK (office = 1), count INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;

            CREATE TABLE enrolment_codes (
                code_hash BLOB PRIMARY KEY, imei INTEGER NOT NULL REFERENCES devices(imei), expires_at INTEGER NOT NULL, used_at INTEGER
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX enrolment_codes_by_device ON enrolment_codes(imei);

            CREATE TABLE tokens (
                token_hash BLOB PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, created_at INTEGER NOT NULL, revoked_at INTEGER
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE events (
                imei INTEGER NOT NULL REFERENCES devices(imei), seq INTEGER NOT NULL,
                kind TEXT NOT NULL, event TEXT NOT NULL, received_at INTEGER NOT NULL,
                PRIMARY KEY (imei, seq)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX events_by_kind ON events(imei, kind, seq);

            CREATE TABLE channels (place INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE) STRICT;
            INSERT INTO channels (code) VALUES
                ('KazAndroid'), ('KazangAndroid2'), ('KazangMobi'), ('KazangMobi2'),
                ('KazangPOS'), ('KazangStore'), ('KazTimpaPro'), ('KazTimpaX');

            CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

            CREATE TABLE used_ids (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
            CREATE INDEX used_ids_by_expiry ON used_ids(expires_at);

            CREATE TABLE highest_revision (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), revision INTEGER NOT NULL) STRICT;
            INSERT INTO highest_revision VALUES (1, 0);
            """)
}
