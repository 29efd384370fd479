import Signing
import Wire

/// What a password has to be, and those that the server makes.
enum Password {
    static let shortest = 12
    static let longest = 256

    /// - Source: NIST SP 800-63B section 3.1.1: length counts, not the mixture of characters.
    static func check(_ password: String, of name: String) throws {
        guard (shortest...longest).contains(password.count) else {
            throw Problem(.passwordWeak, "A password has \(shortest) to \(longest) characters. Three or four words are easy to remember.")
        }
        guard Set(password).count >= 5, name.count < 4 || !password.lowercased().contains(name) else {
            throw Problem(.passwordWeak, "A password is not made of the user's name, nor of a few characters again and again.")
        }
    }

    /// 80 random bits, as four groups that can be read out on the telephone.
    static func makeSetup() throws -> String {
        let letters = Array(Base32.encode(try RandomBytes.make(10)).lowercased())
        return stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<min($0 + 4, letters.count)]) }.joined(separator: "-")
    }

    /// What a password is compared with where there is none, so that it takes as long: nobody knows what it is the hash of.
    static func decoy(_ cost: PasswordHash.Cost) -> PasswordHash {
        let zeros = (salt: String(repeating: "A", count: 22), hash: String(repeating: "A", count: 43))
        guard let hash = PasswordHash("$scrypt$ln=\(cost.logN),r=\(cost.r),p=\(cost.p)$\(zeros.salt)$\(zeros.hash)") else {
            preconditionFailure("a cost that no password can have")
        }
        return hash
    }
}
