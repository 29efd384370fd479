package import Store

extension SQLiteStore {
    /// The store at `path` for somebody who only looks, also while a server runs on it. Nothing in it is changed, not even its schema.
    ///
    /// Throws `.notFound` when there is none, `.corrupt` when the file is something else.
    package static func readOnly(path: String) throws -> any ReadableStore {
        guard Files.exists(path) else {
            throw StoreError(
                code: .notFound, operation: "open", detail: "There is no store at \(path). Name the server's data directory with --data.")
        }
        guard try Migration.version(of: Connection(path: path, mode: .readOnly)) > 0 else {
            throw StoreError(code: .corrupt, operation: "open", detail: "The file \(path) is empty: it is no store.")
        }
        return ReaderPool(path: path, keptEvents: SQLiteOptions().keptEvents)
    }
}
