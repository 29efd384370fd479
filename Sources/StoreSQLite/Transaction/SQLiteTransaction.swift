internal import Store
internal import Wire

/// What a body sees inside a transaction: the queries of one topic each are in `SQLiteTransaction+Topic.swift`.
///
/// A read transaction is the same over a read-only connection; it is handed out as `any StoreReader`.
/// Concurrency: used by one thread, for the time of one transaction.
final class SQLiteTransaction: StoreWriter {
    let connection: Connection
    let keptEvents: Int
    /// What the running body has touched, accounts not yet expanded to their devices.
    private var touched: Set<Subject> = []

    init(connection: Connection, keptEvents: Int) {
        self.connection = connection
        self.keptEvents = keptEvents
    }

    func touch(_ subject: Subject) throws { touched.insert(subject) }

    /// Forgets what was touched and gives it, each account with its devices as this transaction leaves them.
    func takeTouched() throws -> Set<Subject> {
        var subjects = touched
        touched.removeAll()
        for case .account(let reference) in subjects {
            subjects.formUnion(try imeis(of: reference).map { .device($0) })
        }
        return subjects
    }

    func forgetTouched() { touched.removeAll() }
}

/// Throws `.notFound` unless a statement changed a row.
func requireRow(_ changes: Int, _ what: @autoclosure () -> String, operation: String = #function) throws {
    guard changes > 0 else { throw StoreError(code: .notFound, operation: operation, detail: "There is no \(what()) in the store.") }
}
