private import CLinux

/// A lock on a file, held until the object goes or the process ends, however it ends.
/// - Source: flock(2)
package final class FileLock: Sendable {
    private let file: Descriptor

    /// `isBusy` when another process, or another `FileLock` of this one, holds it. The file stays behind: removing it would race.
    package init(_ path: String) throws(SystemError) {
        let file = try Descriptor("open", path) { vendlock_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        try check("lock", path) { flock(file.number, LOCK_EX | LOCK_NB) }
        self.file = file
    }
}
