import Foundation
import TestSupport

/// Another machine as far as a program can see: an `/etc` of its own, with an identifier of its own. Only for root.
final class Machine {
    private let etc: String

    /// - Parameter identifier: 32 hexadecimal digits.
    init(_ identifier: String) throws {
        // Beside the programs and not in /tmp: what lies in memory is no identifier.
        etc = "\(Programs.directory)/etc-\(identifier)-\(ProcessInfo.processInfo.processIdentifier)"
        let made = try Programs.run("sh", ["-c", "cp -a /etc '\(etc)' && rm -f '\(etc)/machine-id' && echo \(identifier) > '\(etc)/machine-id'"])
        guard made.status == 0 else { throw Failure("another /etc: \(made.errors)") }
    }

    /// What starts a program there.
    var wrapper: [String] { ["unshare", "--mount", "sh", "-c", "mount --bind '\(etc)' /etc && exec \"$@\"", "sh"] }

    // What cannot be removed lies beside the programs, where the next build does not mind it.
    deinit { try? FileManager.default.removeItem(atPath: etc) }
}
