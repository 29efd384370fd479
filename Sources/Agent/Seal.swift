package import Signing

/// What tells a line that this terminal wrote from any other: its HMAC-SHA-256 under a key that is made of the terminal's private key and
/// of the machine. So neither an edited file nor one of another terminal, machine or key passes.
package struct Seal: Sendable {
    /// `nil`: the plain SHA-256 of files that were written before there were seals.
    private let key: HMACKey?

    /// Only to read what an earlier version wrote.
    package static let plain = Seal(key: nil)

    private init(key: HMACKey?) { self.key = key }

    /// - Parameter seed: the terminal's private key.
    package init(seed: [UInt8], machine: MachineID) throws(CryptoError) {
        key = HMACKey(try HMACKey(seed).code(of: Array("vendlock state directory \(machine)".utf8)))
        // Makes what every later code goes without asking for memory.
        _ = try key?.code(of: [])
    }

    /// In hexadecimal.
    package func tag(of line: [UInt8]) -> [UInt8] {
        guard let key else { return Array(Digest.hex(Digest.sha256(line)).utf8) }
        do throws(CryptoError) {
            return Array(Digest.hex(try key.code(of: line)).utf8)
        } catch {
            preconditionFailure("an HMAC whose key is set up needs no resources: \(error)")
        }
    }
}
