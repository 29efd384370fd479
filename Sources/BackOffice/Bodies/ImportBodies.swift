import Wire

/// `POST /v1/accounts/import`: what became of a file.
package struct ImportAnswerBody: Codable, Sendable {
    /// Accounts made; in a dry run those that would be.
    package var created: Int
    /// Rows left out because something was wrong with them.
    package var skipped: Int
    package var dry_run: Bool
    /// How many errors there are; `errors` has the first thousand.
    package var error_count: Int
    package var errors: [RowError]
}

/// As the answer of a refused file: a problem (RFC 9457) with all that is wrong.
package struct ImportRefusalBody: Codable, Sendable {
    package var type: String
    package var title: String
    package var status: Int
    package var code: String
    package var detail: String
    package var error_count: Int
    package var errors: [RowError]

    init(_ errors: RowErrors) {
        let problem = Problem(
            .importRefused,
            "The file has \(errors.count) \(errors.count == 1 ? "error" : "errors"), see 'errors'. Nothing was imported: mend the rows, or leave them out "
                + "with skip_bad.")
        type = problem.type
        title = problem.title
        status = problem.status
        code = problem.code
        detail = problem.detail
        error_count = errors.count
        self.errors = errors.listed
    }
}

/// `GET /v1/accounts/import`: how far the running import has come.
package struct ImportProgressBody: Codable, Sendable, Equatable {
    package enum Phase: String, Codable, Sendable, CaseIterable {
        case idle, reading, checking, staging, storing
    }
    package var phase: Phase
    /// Rows of this phase that are done.
    package var done: Int
    /// All rows of this phase; 0 while they are still being counted.
    package var total: Int

    static let idle = ImportProgressBody(phase: .idle, done: 0, total: 0)
}

/// What is wrong with a file, as far as anybody can read it.
struct RowErrors: Sendable, Error {
    private static let mostListed = 1000
    private(set) var count = 0
    /// How many rows they are in.
    private(set) var rows = 0
    private(set) var listed: [RowError] = []
    /// Whether one of them is about the heading, or leaves the rest of the file unread: then no row can be passed over for it.
    var endsReading = false

    mutating func add(row errors: [RowError]) {
        guard !errors.isEmpty else { return }
        count += errors.count
        rows += 1
        listed += errors.prefix(Self.mostListed - listed.count)
    }

    /// By line, whatever the order in which they were found.
    var sorted: RowErrors {
        var errors = self
        errors.listed.sort { $0.line < $1.line }
        return errors
    }
}
