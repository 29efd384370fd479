internal import Store
internal import Synchronization

/// Read-only connections that wait for their next use, each with its prepared statements.
final class ReaderPool: ReadableStore {
    private struct State {
        var idle: [Connection] = []
        var isClosed = false
    }

    private let path: String
    private let keptEvents: Int
    private let state = Mutex(State())

    /// Connections kept open; more are opened for a moment when more threads read.
    private static let kept = 4

    init(path: String, keptEvents: Int) {
        self.path = path
        self.keptEvents = keptEvents
    }

    /// One consistent view for the length of `body`.
    func read<Value>(_ body: (any StoreReader) throws -> Value) throws -> Value {
        let connection = try take()
        try connection.run("BEGIN", operation: "read")
        let result = Result { try body(SQLiteTransaction(connection: connection, keptEvents: keptEvents)) }
        // On failure the connection is not kept, which ends its transaction too.
        try connection.run("COMMIT", operation: "read")
        state.withLock { if !$0.isClosed, $0.idle.count < Self.kept { $0.idle.append(connection) } }
        return try result.get()
    }

    func close() {
        state.withLock { state in
            state.isClosed = true
            state.idle.removeAll()
        }
    }

    private func take() throws -> Connection {
        let kept = try state.withLock { state in
            if state.isClosed { throw StoreError(code: .closed, operation: "read", detail: "The store is closed.") }
            return state.idle.popLast()
        }
        if let kept { return kept }
        let opened = try Connection(path: path, mode: .readOnly)
        // 128 KiB each: what many readers would keep twice the system's page cache keeps once.
        try opened.execute("PRAGMA cache_size = -128", operation: "open")
        return opened
    }
}
