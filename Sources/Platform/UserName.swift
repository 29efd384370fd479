private import CLinux

/// The system's users by name.
package enum UserName {
    /// - Source: getpwnam(3)
    package static func id(of name: String) throws(SystemError) -> UInt32 {
        var record = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16384)
        let code = getpwnam_r(name, &record, &buffer, buffer.count, &found)
        guard code == 0 else { throw SystemError("look up user", name, code: code) }
        guard found != nil else { throw SystemError("find user", name, code: ENOENT) }
        return record.pw_uid
    }

    /// Whom this process runs as.
    package static var own: UInt32 { geteuid() }
}
