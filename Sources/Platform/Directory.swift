private import CLinux

/// Directories of the state.
package enum Directory {
    /// Makes the directory and those above it that are missing; `mode` goes to the last one. One that stands is left as it is.
    package static func create(_ path: String, mode: UInt32) throws(SystemError) {
        do {
            try check("create the directory", path) { mkdir(path, mode) }
        } catch  where error.isMissing && parent(of: path) != path {
            try create(parent(of: path), mode: 0o755)
            try check("create the directory", path) { mkdir(path, mode) }
        } catch  where error.code == EEXIST {
            var status = stat()
            try check("look at", path) { stat(path, &status) }
            if vendlock_is_directory(&status) == 0 { throw SystemError("create the directory", path, code: ENOTDIR) }
            return
        }
        try synchronise(parent(of: path))
    }

    /// Takes a directory away from where a file belongs: removes an empty one, gives another a new name beside it, which no other has.
    static func clearAway(_ path: String) throws(SystemError) {
        guard rmdir(path) != 0 else { return }
        var generator = SystemRandomNumberGenerator()
        try File.move(path, to: "\(path).damaged-\(String(generator.next() as UInt64, radix: 16))")
    }

    /// Makes the directory's entries durable: new names, renames, removals.
    package static func synchronise(_ path: String) throws(SystemError) {
        let directory = try Descriptor("open", path) { vendlock_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) }
        try directory.synchronise(path)
    }

    /// What stands before the last slash: `/a` of `/a/b`, `.` of `b`.
    static func parent(of path: String) -> String {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }
}
