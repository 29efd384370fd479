internal import Store

extension SQLiteStore {
    package func backup(to target: String) throws {
        try Self.backup(from: path, to: target)
    }

    /// Copies the store at `path`, also while another process serves from it, to a new file of mode 0600 that is whole or absent.
    ///
    /// Throws `.exists` when there is a file at `target`, `.notFound` when there is no store at `path`.
    package static func backup(from path: String, to target: String) throws {
        guard Files.exists(path) else {
            throw StoreError(
                code: .notFound, operation: "backup", detail: "There is no store at \(path). Give the server's data directory.")
        }
        try refuseExisting(target, operation: "backup", advice: "Give the backup a new name, or move the old one away.")
        try writeWhole(target) { part in
            // Not read-only: the last connection to a store whose server was killed must be able to clean up its log.
            let source = try Connection(path: path, mode: .readWrite)
            _ = try Migration.version(of: source)
            try copy(source, to: part)
        }
    }

    static func refuseExisting(_ path: String, operation: String, advice: String) throws {
        guard !Files.exists(path) else {
            throw StoreError(code: .exists, operation: operation, detail: "There is a file at \(path) already. \(advice)")
        }
    }

    /// Makes `target` appear in one step, on disk, or not at all.
    static func writeWhole(_ target: String, _ write: (String) throws -> Void) throws {
        let part = target + ".part"
        // What an earlier attempt left when it was killed.
        try Files.remove(part)
        try Files.create(part)
        do {
            try write(part)
            try Files.sync(part)
            try Files.rename(part, to: target)
        } catch {
            try Files.remove(part)
            throw error
        }
    }

    /// The copy is one file, without a log beside it; it is brought to disk once, at the end.
    static func copy(_ source: Connection, to part: String) throws {
        let copy = try Connection(path: part, mode: .readWrite)
        try copy.execute("PRAGMA synchronous = OFF", operation: "copy")
        try source.copy(to: copy)
        _ = try copy.row("PRAGMA journal_mode = DELETE", operation: "copy") { $0.text(0) }
    }
}
