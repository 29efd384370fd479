private import Glibc
internal import Store

/// The few things the store does with files itself; the rest is SQLite's.
enum Files {
    /// Only the server's own user may read a store.
    static let mode: UInt32 = 0o600

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Makes an empty file of mode 0600; throws `.exists` when there is one.
    static func create(_ path: String) throws {
        let file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure("create", path) }
        close(file)
        try sync(directoryOf(path))
    }

    static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
    }

    /// Brings a file, or a directory's entries, to disk.
    static func sync(_ path: String) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("open", path) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failure("fsync", path) }
    }

    /// Gives a file its final name, durably.
    static func rename(_ path: String, to target: String) throws {
        guard Glibc.rename(path, target) == 0 else { throw failure("rename", target) }
        try sync(directoryOf(target))
    }

    /// Writes zeros from a file's end up to `size`, to disk.
    static func extend(_ path: String, to size: Int) throws {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("open", path) }
        defer { close(file) }
        var end = Int(lseek(file, 0, SEEK_END))
        let zeros = [UInt8](repeating: 0, count: 1 << 16)
        while end < size {
            let written = write(file, zeros, min(zeros.count, size - end))
            guard written > 0 else { throw failure("extend", path) }
            end += written
        }
        guard fsync(file) == 0 else { throw failure("fsync", path) }
    }

    static func directoryOf(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Reads errno at once.
    private static func failure(_ operation: String, _ path: String) -> StoreError {
        let number = errno
        return StoreError(
            code: number == EEXIST ? .exists : .unavailable, operation: "\(operation) \(path)", detail: String(cString: strerror(number)),
            native: number)
    }
}
