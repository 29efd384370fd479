import Store
import StoreSQLite
import Testing

/// One implementation of the store's contract, made afresh for a test.
struct StoreKind: Sendable, CustomTestStringConvertible {
    let testDescription: String
    private let make: @Sendable (TemporaryDirectory) throws -> any Store

    /// Every store of the product keeps the same contract.
    static let all = [
        StoreKind(testDescription: "SQLite") { directory in
            var options = SQLiteOptions()
            options.reservedLog = 0
            return try SQLiteStore(path: directory.store, options: options)
        }
    ]

    private init(testDescription: String, make: @escaping @Sendable (TemporaryDirectory) throws -> any Store) {
        self.testDescription = testDescription
        self.make = make
    }

    func withStore<Value>(_ body: (any Store) throws -> Value) throws -> Value {
        let directory = try TemporaryDirectory()
        let store = try make(directory)
        defer { store.close() }
        return try withExtendedLifetime(directory) { try body(store) }
    }
}
