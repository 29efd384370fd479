private import CLinux

/// A file that grows at its end. Not for two threads at once.
package final class AppendFile {
    package let path: String
    /// Bytes in the file.
    package private(set) var size: Int64
    private let file: Descriptor

    package init(_ path: String, mode: UInt32) throws(SystemError) {
        self.path = path
        file = try Descriptor("open", path) {
            vendlock_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode)
        }
        let end = lseek(file.number, 0, SEEK_END)
        guard end >= 0 else { throw SystemError.last("seek in", path) }
        size = Int64(end)
        try Directory.synchronise(Directory.parent(of: path))
    }

    /// All of the bytes, or none: what a full disk let through is cut off again. Durable after `synchronise`.
    package func append(_ bytes: some Collection<UInt8>) throws(SystemError) {
        do {
            try file.writeAll(bytes, path)
        } catch {
            try truncate(to: size)
            throw error
        }
        size += Int64(bytes.count)
    }

    /// - Source: fdatasync(2): the data and the size, not the times.
    package func synchronise() throws(SystemError) {
        try check("fdatasync", path) { fdatasync(file.number) }
    }

    /// Cuts the file to `size` bytes.
    package func truncate(to size: Int64) throws(SystemError) {
        try check("truncate", path) { ftruncate(file.number, off_t(size)) }
        self.size = size
    }
}
