private import CLinux

/// Who is at the other end of a Unix socket.
package struct Peer: Equatable, Sendable {
    package let pid: Int32
    package let uid: UInt32
    package let gid: UInt32

    /// The program it runs now; `nil` where the system does not show it: another user's process, or one that has ended.
    ///
    /// To be told to people, and nothing to decide by: the process may have become another program, and its number another process's.
    /// - Source: proc(5), /proc/pid/exe
    package var executable: String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/\(pid)/exe", &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    /// What it calls itself, 15 bytes at most; `nil` where the system hides it, or it has ended. As `executable`, and it may call itself anything.
    /// - Source: proc(5), /proc/pid/comm
    package var name: String? {
        do throws(SystemError) {
            let line = try File.read("/proc/\(pid)/comm", limit: 256)
            return line.isEmpty ? nil : String(decoding: line.last == UInt8(ascii: "\n") ? line.dropLast() : line[...], as: UTF8.self)
        } catch {
            return nil
        }
    }
}
