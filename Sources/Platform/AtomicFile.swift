private import CLinux

/// Replaces a file so that a reader, a crash or a full disk leaves the old bytes or the new ones, never a mixture.
/// - Source: rename(2), fsync(2)
package enum AtomicFile {
    /// Durable when it returns. On an error the old file stands as it was.
    ///
    /// The temporary file has one name per path, so that power cuts leave at most one behind: one writer per path at a time. A directory in
    /// the place of either goes out of the way, or one `mkdir` would keep the file from ever being written again.
    package static func write(_ bytes: some Collection<UInt8>, to path: String, mode: UInt32) throws(SystemError) {
        let temporary = path + ".tmp"
        if unlink(temporary) != 0, vendlock_errno() == EISDIR { try Directory.clearAway(temporary) }  // Else what a power cut left, or nothing.
        do {
            try writeNew(bytes, to: temporary, mode: mode)
            do {
                try check("replace", path) { rename(temporary, path) }
            } catch  where error.isDirectory {
                try Directory.clearAway(path)
                try check("replace", path) { rename(temporary, path) }
            }
        } catch {
            unlink(temporary)  // The first error is the one to report.
            throw error
        }
        try Directory.synchronise(Directory.parent(of: path))
    }

    private static func writeNew(_ bytes: some Collection<UInt8>, to path: String, mode: UInt32) throws(SystemError) {
        let file = try Descriptor("create", path) {
            vendlock_open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        }
        try check("set the mode of", path) { fchmod(file.number, mode) }  // Whatever the umask.
        try file.writeAll(bytes, path)
        try file.synchronise(path)
    }
}
