private import CSQLite
internal import Store

/// One prepared statement; the only owner of its handle. It is reset when it has run, so that it holds no snapshot.
final class Statement {
    private let handle: OpaquePointer

    init(owning handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        // The result repeats the last step's error, which was thrown already.
        sqlite3_finalize(handle)
    }

    func execute(_ values: [(any Bindable)?], operation: String, row: (Row) throws -> Void) throws {
        precondition(
            values.count == Int(sqlite3_bind_parameter_count(handle)), "\(values.count) values for: \(String(cString: sqlite3_sql(handle)))"
        )
        defer {
            // The result repeats the last step's error, which was thrown already.
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        for (place, value) in values.enumerated() {
            try bind(value?.sqliteValue ?? .null, at: Int32(place + 1), operation: operation)
        }
        while true {
            let code = sqlite3_step(handle)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { return try check(code, on: sqlite3_db_handle(handle), operation: operation) }
            try row(Row(statement: self, operation: operation))
        }
    }

    private func bind(_ value: SQLiteValue, at place: Int32, operation: String) throws {
        let code =
            switch value {
            case .null: sqlite3_bind_null(handle, place)
            case .integer(let number): sqlite3_bind_int64(handle, place, number)
            case .real(let number): sqlite3_bind_double(handle, place, number)
            case .text(var text):
                text.withUTF8 { bytes in
                    bytes.withMemoryRebound(to: CChar.self) { vendlock_bind_text(handle, place, $0.baseAddress, Int32($0.count)) }
                }
            case .blob(let bytes): vendlock_bind_blob(handle, place, bytes, Int32(bytes.count))
            }
        try check(code, on: sqlite3_db_handle(handle), operation: operation)
    }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

    /// Text is asked for before its length: the asking may convert it.
    func text(_ column: Int32) -> String {
        guard let bytes = sqlite3_column_text(handle, column) else { return "" }
        return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))), as: UTF8.self)
    }

    func blob(_ column: Int32) -> [UInt8] {
        guard let bytes = sqlite3_column_blob(handle, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))))
    }
}
