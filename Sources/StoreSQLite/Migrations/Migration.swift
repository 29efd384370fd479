internal import Store

/// One numbered step of the schema. A step that was released is never edited: a change is a new step.
struct Migration: Sendable {
    /// `PRAGMA user_version` after it.
    let number: Int64
    let sql: String

    /// In order, without gaps.
    static let all: [Migration] = [.foundation, .messages, .staff, .accounts, .locations, .requests, .offlineCodes, .codesAndLocks]

    /// "VLCK": marks the file as a vendlock store.
    /// - Source: https://sqlite.org/pragma.html#pragma_application_id
    static let applicationID: Int64 = 0x564C_434B

    /// Brings a store to this program's schema, each step in a transaction of its own.
    /// Throws `.corrupt` for a file that is not a vendlock store, `.unavailable` for one of a newer program.
    static func run(on connection: Connection) throws {
        let reached = try version(of: connection)
        for step in all where step.number > reached {
            try connection.execute("BEGIN IMMEDIATE", operation: "migrate")
            do {
                try connection.execute(step.sql, operation: "migration \(step.number)")
                try connection.execute(
                    "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(step.number); COMMIT",
                    operation: "migration \(step.number)")
            } catch {
                if !connection.isIdle { try connection.execute("ROLLBACK", operation: "migrate") }
                throw error
            }
        }
    }

    /// The schema's number; 0 for an empty file.
    static func version(of connection: Connection) throws -> Int64 {
        let version = try connection.number("PRAGMA user_version", operation: "open")
        let isEmpty = try connection.number("SELECT count(*) FROM sqlite_schema", operation: "open") == 0 && version == 0
        guard try isEmpty || connection.number("PRAGMA application_id", operation: "open") == applicationID else {
            throw StoreError(
                code: .corrupt, operation: "open",
                detail: "This file is a database, but not a vendlock store. Give the path of a vendlock store.")
        }
        let newest = all.last?.number ?? 0
        guard version <= newest else {
            throw StoreError(
                code: .unavailable, operation: "open",
                detail:
                    "The store was written by a newer vendlock (schema \(version), this program knows \(newest)). Start that newer program."
            )
        }
        return version
    }
}
