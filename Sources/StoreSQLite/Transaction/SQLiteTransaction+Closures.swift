internal import Store
internal import Wire

extension SQLiteTransaction {
    func closure(of reference: AccountReference) throws -> ClosureRecord? {
        try connection.row("SELECT account, hold, closed_at FROM closures WHERE account = ?", reference) { row in
            ClosureRecord(account: try row.reference(0), holdID: row.text(1), closedAt: row.time(2))
        }
    }

    func insertClosure(_ closure: ClosureRecord) throws {
        try connection.run("INSERT INTO closures VALUES (?, ?, ?)", closure.account, closure.holdID, closure.closedAt)
    }

    func removeClosure(of reference: AccountReference) throws {
        try requireRow(connection.run("DELETE FROM closures WHERE account = ?", reference), "closed account \(reference)")
    }
}
