package import Wire

/// A terminal's key for offline codes.
package struct OfflineCodeKey: Sendable {
    package static let length = 32
    /// - Source: RFC 6287 section 6.
    package static let suite = "OCRA-1:HOTP-SHA256-10:C-QN18"

    private let ocra: OCRA
    private let key: HMACKey
    private let imei: IMEI

    /// `nil` for a key of another length.
    package init?(_ bytes: [UInt8], imei: IMEI) {
        guard bytes.count == Self.length else { return nil }
        do throws(OCRA.Refusal) {
            ocra = try OCRA(Self.suite)
        } catch {
            preconditionFailure("a suite of ours is not understood: \(error)")
        }
        key = ocra.key(bytes)
        self.imei = imei
    }

    package static func newBytes() throws(CryptoError) -> [UInt8] { try RandomBytes.make(length) }

    /// Ten digits, without the check digit.
    package func digits(of code: OfflineCode) throws -> String {
        try ocra.code(key, .init(question: code.question(for: imei), counter: UInt64(code.counter)))
    }

    /// What ten typed digits say, within the window from `next` on; `nil` when they are no code of it.
    package func code(of digits: String, from next: Int64) throws -> OfflineCode? {
        // Where counters end there is no window.
        guard next >= 0, next <= .max - OfflineCode.window else { return nil }
        let digits = Array(digits.utf8)
        var found: OfflineCode?
        // All of them, whichever it is: how long it takes tells nothing.
        for counter in next..<(next + OfflineCode.window) {
            for code in OfflineCode.all(of: counter) {
                let isIt = Digest.equal(Array(try self.digits(of: code).utf8), digits)
                if isIt, found == nil { found = code }
            }
        }
        return found
    }
}
