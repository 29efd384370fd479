private import CLinux

/// Whole small files.
package enum File {
    /// The file's bytes. `isMissing` when there is none, `isTooLarge` when it has more than `limit` bytes.
    package static func read(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
        // A pipe in the file's place must not hold up whoever opens it: without a writer it reads as empty.
        let file = try Descriptor("open", path) { vendlock_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(limit + 1, 65536))
        while true {
            let count = CLinux.read(file.number, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                let error = SystemError.last("read", path)
                if error.code == EINTR { continue }
                throw error
            }
            bytes += chunk[..<count]
            if bytes.count > limit { throw SystemError("read", path, code: EFBIG) }
        }
    }

    /// Whether a path leads to something; an unreadable directory on the way is an error, not "no".
    package static func exists(_ path: String) throws(SystemError) -> Bool {
        do {
            try check("look for", path) { access(path, F_OK) }
            return true
        } catch  where error.isMissing {
            return false
        }
    }

    /// Whether a file lies in memory, and so is gone with the next boot.
    /// - Source: statfs(2): `TMPFS_MAGIC`, `RAMFS_MAGIC`.
    package static func isTemporary(_ path: String) throws(SystemError) -> Bool {
        try check("look at the file system of", path) { vendlock_is_in_memory(path) } == 1
    }

    /// Gives a file or a directory another name, whose file or empty directory it replaces.
    package static func move(_ path: String, to other: String) throws(SystemError) {
        try check("move away", path) { rename(path, other) }
    }

    /// Removes a file durably; one that is not there is no error.
    package static func remove(_ path: String) throws(SystemError) {
        do {
            try check("remove", path) { unlink(path) }
        } catch  where error.isMissing {
            return
        }
        try Directory.synchronise(Directory.parent(of: path))
    }
}
