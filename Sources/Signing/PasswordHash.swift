private import CCrypto
private import Wire

/// A password as it is kept: scrypt with its parameters, its salt and the result, in one text.
///
/// `$scrypt$ln=15,r=8,p=1$SALT$HASH`, salt and hash in base64url: the parameters may rise later, and what was stored with others is still read.
/// - Source: RFC 7914; the form is that of the PHC string format; EVP_PBE_scrypt(3).
package struct PasswordHash: Sendable, Equatable {
    /// What a hash costs: 128 · r · 2^logN bytes, and time in proportion.
    package struct Cost: Sendable, Equatable {
        package var logN: Int
        package var r: Int
        package var p: Int

        package init(logN: Int, r: Int, p: Int) {
            self.logN = logN
            self.r = r
            self.p = p
        }

        /// 32 MiB and about a tenth of a second.
        package static let standard = Cost(logN: 15, r: 8, p: 1)

        /// What a text may ask for: one that asks for more is damaged, and must not eat the memory.
        fileprivate var isSensible: Bool { (1...18).contains(logN) && (1...32).contains(r) && (1...16).contains(p) }
    }

    private static let saltLength = 16
    private static let hashLength = 32

    package let cost: Cost
    private let salt: [UInt8]
    private let hash: [UInt8]

    /// Of a new password, with a salt of its own. Takes the time and the memory of `cost`.
    package init(of password: String, cost: Cost = .standard) throws(CryptoError) {
        self.cost = cost
        salt = try RandomBytes.make(Self.saltLength)
        hash = try Self.derive(Array(password.utf8), salt: salt, cost: cost, length: Self.hashLength)
    }

    /// As it was stored; `nil` for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let cost = Self.cost(parts[2]), cost.isSensible,
            let salt = Base64URL.decode(parts[3].utf8), let hash = Base64URL.decode(parts[4].utf8), !salt.isEmpty, hash.count == Self.hashLength
        else { return nil }
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    private static func cost(_ text: Substring) -> Cost? {
        let members = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.split(separator: "=", omittingEmptySubsequences: false) }
        guard members.allSatisfy({ $0.count == 2 }), members.map({ $0[0] }) == ["ln", "r", "p"], let logN = Int(members[0][1]),
            let r = Int(members[1][1]), let p = Int(members[2][1])
        else { return nil }
        return Cost(logN: logN, r: r, p: p)
    }

    package var text: String {
        "$scrypt$ln=\(cost.logN),r=\(cost.r),p=\(cost.p)$\(Base64URL.encode(salt))$\(Base64URL.encode(hash))"
    }

    /// Takes as long as making it did, whatever the answer.
    package func verifies(_ password: String) throws(CryptoError) -> Bool {
        Digest.equal(try Self.derive(Array(password.utf8), salt: salt, cost: cost, length: Self.hashLength), hash)
    }

    /// The function itself.
    package static func derive(_ password: [UInt8], salt: [UInt8], cost: Cost, length: Int) throws(CryptoError) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: length)
        let n = UInt64(1) << UInt64(cost.logN)
        let (r, p) = (UInt64(cost.r), UInt64(cost.p))
        // The limit that libcrypto takes when none is given, 32 MiB, is a little less than the standard cost needs.
        let memory = 128 * r * (n + p + 2) + (1 << 20)
        let done = password.withUnsafeBytes { password in
            EVP_PBE_scrypt(
                password.baseAddress?.assumingMemoryBound(to: CChar.self), password.count, salt, salt.count, n, r, p, memory, &key, length)
        }
        guard done == 1 else { throw CryptoError("EVP_PBE_scrypt") }
        return key
    }
}
