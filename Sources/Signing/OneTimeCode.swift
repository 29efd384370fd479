/// Codes that an app on a telephone makes of a shared secret and the time.
/// - Source: RFC 4226 (HOTP), RFC 6238 (TOTP).
package enum OneTimeCode {
    package static let digits = 6
    /// Seconds for which one code is shown.
    package static let period: Int64 = 30
    /// Steps that the telephone's clock may be off, either way.
    private static let tolerance: Int64 = 1

    /// A new secret: as long as the hash, as RFC 4226 section 4 asks for.
    package static func newSecret() throws(CryptoError) -> [UInt8] { try RandomBytes.make(20) }

    /// The number of the interval that a moment lies in.
    package static func step(atUnixSeconds seconds: Int64) -> Int64 { seconds / period }

    /// The code of one counter value, or of one step of the time, with leading zeros.
    package static func code(secret: [UInt8], counter: Int64, digits: Int = digits) throws(CryptoError) -> String {
        let message = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: counter >> Int64($0)) }
        return truncated(try HMACKey(secret, .sha1).code(of: message), digits: digits)
    }

    /// Digits of a MAC, of whatever length: four bytes from where its last four bits point to, without the sign.
    /// - Source: RFC 4226 section 5.3.
    package static func truncated(_ mac: [UInt8], digits: Int) -> String {
        precondition(mac.count >= 20 && (1...10).contains(digits), "a MAC of 20 bytes or more gives 1 to 10 digits")
        let offset = Int(mac[mac.count - 1] & 15)
        let number = mac[offset..<(offset + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let text = String(UInt64(number) % (0..<digits).reduce(UInt64(1)) { power, _ in power * 10 })
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }

    /// The step whose code `given` is, around the present one; `nil` where it is no code, or one of a step that was used or passed.
    ///
    /// - Parameter after: the last step that was used: a code works once.
    package static func step(of given: String, secret: [UInt8], atUnixSeconds seconds: Int64, after: Int64?) throws(CryptoError) -> Int64? {
        let given = Array(given.utf8.filter { $0 != UInt8(ascii: " ") })
        let now = step(atUnixSeconds: seconds)
        var found: Int64?
        for step in (now - tolerance)...(now + tolerance) where step >= 0 {
            let isIt = Digest.equal(Array(try code(secret: secret, counter: step).utf8), given)
            if isIt, found == nil, after.map({ step > $0 }) ?? true { found = step }
        }
        return found
    }
}
