private import CLinux

/// A lock on a file or a directory, held until the object goes or the process ends, however it ends.
/// - Source: flock(2)
package final class FileLock: Sendable {
    private let file: Descriptor

    /// `isBusy` when another process, or another `FileLock` of this one, holds it. The file is made when it is missing and stays behind: removing it would race.
    package init(_ path: String) throws(SystemError) {
        file = try Self.locked(path, O_RDWR | O_CREAT)
    }

    /// On a directory that stands, so that a full or read-only disk does not matter.
    package init(directory path: String) throws(SystemError) {
        file = try Self.locked(path, O_RDONLY | O_DIRECTORY)
    }

    private static func locked(_ path: String, _ flags: Int32) throws(SystemError) -> Descriptor {
        let file = try Descriptor("open", path) { vendlock_open(path, flags | O_CLOEXEC, 0o600) }
        try check("lock", path) { flock(file.number, LOCK_EX | LOCK_NB) }
        return file
    }
}
