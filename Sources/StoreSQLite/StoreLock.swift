private import Glibc
internal import Store

/// Keeps a second server away from a store: a lock on a file beside it, which the kernel lifts when the process ends, however it ends.
/// - Source: flock(2)
final class StoreLock: Sendable {
    private let file: Int32

    /// Throws `.unavailable` when another process (or another store of this one) has it.
    init(besides path: String) throws {
        let name = path + "-lock"
        file = open(name, O_CREAT | O_RDWR | O_CLOEXEC, Files.mode)
        guard file >= 0 else {
            let number = errno
            throw StoreError(code: .unavailable, operation: "open \(name)", detail: String(cString: strerror(number)), native: number)
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            // Every property is set, so that `deinit` runs and closes the file; closed twice, it would be another thread's.
            let number = errno
            throw StoreError(
                code: .unavailable, operation: "open \(path)",
                detail: "Another server uses this store. Stop it first, or give this one a data directory of its own.", native: number)
        }
    }

    /// Lets the next server in; closing the file does too.
    func release() {
        // Unlocking a descriptor that is open cannot fail.
        flock(file, LOCK_UN)
    }

    deinit {
        close(file)
    }
}
