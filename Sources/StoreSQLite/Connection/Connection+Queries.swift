internal import Store

extension Connection {
    /// Runs a statement that gives no rows; returns how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ values: (any Bindable)?..., operation: String = #function) throws -> Int {
        let statement = try statement(sql, operation: operation)
        try statement.execute(values, operation: operation) { _ in }
        return changes
    }

    /// All rows. They are read to the end before the next statement runs, so that a cached statement is never met half-way.
    func rows<Value>(
        _ sql: String, _ values: (any Bindable)?..., operation: String = #function, as read: (Row) throws -> Value
    ) throws -> [Value] {
        var found: [Value] = []
        try statement(sql, operation: operation).execute(values, operation: operation) { found.append(try read($0)) }
        return found
    }

    /// The only row, if there is one.
    func row<Value>(
        _ sql: String, _ values: (any Bindable)?..., operation: String = #function, as read: (Row) throws -> Value
    ) throws -> Value? {
        var found: Value?
        try statement(sql, operation: operation).execute(values, operation: operation) { found = try read($0) }
        return found
    }

    /// One number, for pragmas and counts; 0 when there is no row.
    func number(_ sql: String, _ values: (any Bindable)?..., operation: String = #function) throws -> Int64 {
        var found: Int64 = 0
        try statement(sql, operation: operation).execute(values, operation: operation) { found = $0.integer(0) }
        return found
    }
}
