package import Signing
package import Wire

/// The text a terminal polls with: self-contained, so that any server with the secret can check it, and short, because it crosses
/// a paid cellular link with every poll.
///
/// `base64url(version 1 | expiry 4 | claimed account … | MAC 16)`. The MAC (HMAC-SHA-256, cut to 128 bits, RFC 2104 section 5) also covers
/// the IMEI, the channel and the enrolled key, which the server knows from the request and the store, so they need not travel.
package struct SessionToken: Sendable, Equatable {
    package static let version: UInt8 = 1
    private static let macLength = 16
    /// Unix seconds.
    package let expiry: UInt32
    package let claimed: AccountReference?

    package init(expiry: UInt32, claimed: AccountReference?) {
        self.expiry = expiry
        self.claimed = claimed
    }

    private var body: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(48)
        bytes.append(Self.version)
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: expiry >> UInt32(shift))) }
        if let claimed { bytes.append(contentsOf: claimed.text.utf8) }
        return bytes
    }

    package func sealed(imei: IMEI, channel: ChannelCode, keyTag: UInt64, secret: HMACKey) throws -> String {
        Base64URL.encode(body + (try mac(imei: imei, channel: channel, keyTag: keyTag, secret: secret)))
    }

    private func mac(imei: IMEI, channel: ChannelCode, keyTag: UInt64, secret: HMACKey) throws -> ArraySlice<UInt8> {
        var message: [UInt8] = []
        message.reserveCapacity(128)
        message.append(contentsOf: "vendlock-session\0".utf8)
        for shift in stride(from: 56, through: 0, by: -8) { message.append(UInt8(truncatingIfNeeded: imei.serial >> UInt64(shift))) }
        for shift in stride(from: 56, through: 0, by: -8) { message.append(UInt8(truncatingIfNeeded: keyTag >> UInt64(shift))) }
        message.append(contentsOf: channel.text.utf8)
        message.append(0)
        message.append(contentsOf: body)
        return try secret.code(of: message).prefix(Self.macLength)
    }

    /// What the text claims, not yet verified: needed to look up the facts that `verifies` is checked against.
    package static func parse(_ text: some StringProtocol) -> (token: SessionToken, mac: [UInt8])? {
        guard text.utf8.count <= 80, let bytes = Base64URL.decode(text.utf8), bytes.count >= 5 + macLength, bytes[0] == version else { return nil }
        let expiry = bytes[1..<5].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let claimedBytes = bytes[5..<(bytes.count - macLength)]
        var claimed: AccountReference?
        if !claimedBytes.isEmpty {
            // Not a reference: not a token of ours.
            guard let reference = try? AccountReference(String(decoding: claimedBytes, as: UTF8.self)) else { return nil }
            claimed = reference
        }
        return (SessionToken(expiry: expiry, claimed: claimed), Array(bytes.suffix(macLength)))
    }

    package func verifies(mac: [UInt8], imei: IMEI, channel: ChannelCode, keyTag: UInt64?, secret: HMACKey, now: Timestamp) throws -> Bool {
        guard Int64(expiry) > now.unixSeconds, let keyTag else { return false }
        return Digest.equal(mac, Array(try self.mac(imei: imei, channel: channel, keyTag: keyTag, secret: secret)))
    }

    /// Names an enrolled key.
    package static func keyTag(_ publicKey: [UInt8]) -> UInt64 {
        Digest.sha256(publicKey).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
