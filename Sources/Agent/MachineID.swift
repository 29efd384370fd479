private import Platform
private import Signing

/// Which machine this is, in a form that may be stored: the one of `/etc/machine-id` under a keyed hash, since that itself is confidential.
/// - Source: machine-id(5); sd_id128_get_machine_app_specific(3), whose result this is.
package struct MachineID: Sendable, Equatable, CustomStringConvertible {
    /// What stands for a machine that has no identifier: a state directory made there is bound to none.
    package static let none = MachineID("none")
    package static let files = ["/etc/machine-id", "/var/lib/dbus/machine-id"]

    /// 32 hexadecimal digits, or `none`.
    package let description: String
    /// Why there is none.
    package let absence: String?

    package init(_ description: String, absence: String? = nil) {
        self.description = description
        self.absence = absence
    }

    package static func == (left: MachineID, right: MachineID) -> Bool { left.description == right.description }

    /// The first of the files that has one, else `none`.
    ///
    /// One in a file system that is gone at the next boot counts as none: systemd mounts such a file over an empty one on a read-only disk, and
    /// a directory that is bound to it would be lost with each boot.
    package static func read(_ files: [String] = files) -> MachineID {
        var reasons: [String] = []
        for path in files {
            do {
                let text = try File.read(path, limit: 64)
                guard let bytes = bytes(text) else {
                    reasons.append("\(path) holds none")
                    continue
                }
                guard try !File.isTemporary(path) else {
                    reasons.append("the one in \(path) is another one after each boot")
                    continue
                }
                return MachineID(Digest.hex(try derived(from: bytes)))
            } catch {
                reasons.append("\(error)")
            }
        }
        return MachineID(none.description, absence: reasons.joined(separator: "; "))
    }

    /// This program's own number for sd_id128_get_machine_app_specific(3): drawn once, never to be changed.
    package static let application = "e7a0b95d6c3f4f1c9d2284b1c05e7a36"

    private static func derived(from machine: [UInt8]) throws(CryptoError) -> [UInt8] {
        var digest = Array(try HMACKey(machine).code(of: bytes(Array(application.utf8)) ?? []).prefix(16))
        // The marks of a version 4 UUID (RFC 9562 section 5.4).
        digest[6] = digest[6] & 0x0F | 0x40
        digest[8] = digest[8] & 0x3F | 0x80
        return digest
    }

    /// 32 hexadecimal digits with or without a line end; not all zero, nor what an image that was never started has.
    private static func bytes(_ text: [UInt8]) -> [UInt8]? {
        let digits = text.last == UInt8(ascii: "\n") ? text.dropLast() : text[...]
        guard digits.count == 32 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in digits {
            guard let value = Character(Unicode.Scalar(character)).hexDigitValue else { return nil }
            if let first = high {
                bytes.append(first << 4 | UInt8(value))
                high = nil
            } else {
                high = UInt8(value)
            }
        }
        return bytes.allSatisfy { $0 == 0 } ? nil : bytes
    }
}
