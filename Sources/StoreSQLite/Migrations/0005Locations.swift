extension Migration {
    /// Terminals that are asked where they are, visits, and where addresses were found to be.
    ///
    /// Positions are the JSON of `Position`: nobody looks for one by its coordinates.
    static let locations = Migration(
        number: 5,
        sql: """
            CREATE TABLE location_requests (
                imei INTEGER PRIMARY KEY REFERENCES devices(imei),
                id TEXT NOT NULL, asked_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX location_requests_by_expiry ON location_requests(expires_at);

            CREATE TABLE visits (
                number INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                ticket INTEGER, account TEXT REFERENCES accounts(reference), imei INTEGER NOT NULL REFERENCES devices(imei),
                request TEXT NOT NULL, visitor TEXT NOT NULL, role TEXT, at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
                phone TEXT NOT NULL, device TEXT, distance_m REAL, address_distance_m REAL,
                state TEXT NOT NULL, settled_at INTEGER, note TEXT
            ) STRICT;
            CREATE INDEX visits_by_account ON visits(account) WHERE account IS NOT NULL;
            CREATE INDEX visits_waiting ON visits(expires_at) WHERE state = 'waiting';
            CREATE INDEX visits_by_request ON visits(request) WHERE state = 'waiting';

            CREATE TABLE address_positions (
                account TEXT PRIMARY KEY REFERENCES accounts(reference),
                position TEXT NOT NULL, at INTEGER NOT NULL, visit TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;
            """)
}
