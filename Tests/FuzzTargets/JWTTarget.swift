import BackOffice
import Signing
import Wire

extension FuzzTarget {
    /// What a terminal shows the server: the token of its connection, and its session.
    ///
    /// The first letter says what the rest is: `r` a token; `p` a payload, rightly signed; `h` a header, a line feed, and a payload, rightly
    /// signed; `s` a session.
    static let jwt = FuzzTarget(name: "jwt") {
        let key = try FuzzNames.key()
        let signer = try CompactJWS.Signer(key: key, type: "JWT")
        let secret = HMACKey([UInt8](repeating: 9, count: 32), .sha256)
        return { bytes in
            let (kind, rest) = kind(of: bytes)
            switch kind {
            case "s": try isNoSession(rest, secret)
            case "p": try connects(signer.sign(rest), key)
            case "h":
                let (header, payload) = line(of: rest)
                try connects(SignedReader.token(header: header, payload, by: key), key)
            default: try connects(rest, key)
            }
        }
    }

    private static func connects(_ token: [UInt8], _ key: Ed25519PrivateKey) throws {
        let now = Timestamp(unixMilliseconds: FuzzNames.now)
        let claims: ConnectionClaims
        do {
            claims = try Connections.verified(
                String(decoding: token, as: UTF8.self), imei: FuzzNames.imei, publicKey: key.publicBytes, now: now)
        } catch is Problem {
            return
        }
        try hold(claims.sub == FuzzNames.imei && claims.aud == ConnectionClaims.audience, "the token is another terminal's: \(claims)")
        try hold(claims.exp > now.unixSeconds && claims.exp <= now.unixSeconds + 60 + ConnectionClaims.longestLife, "it is not in date: \(claims)")
        try hold(!claims.jti.isEmpty, "nobody could tell that it is used twice: \(claims)")
    }

    private static func isNoSession(_ bytes: [UInt8], _ secret: HMACKey) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let (token, mac) = SessionToken.parse(text) else { return }
        let isGood = try token.verifies(
            mac: mac, imei: FuzzNames.imei, channel: FuzzNames.channelCode(), keyTag: 1, secret: secret,
            now: Timestamp(unixMilliseconds: FuzzNames.now))
        guard isGood else { return }
        // One that is right, from the corpus: it is exactly what the server would give out.
        let sealed = try token.sealed(imei: FuzzNames.imei, channel: FuzzNames.channelCode(), keyTag: 1, secret: secret)
        try hold(sealed == text, "two texts are one session: \(sealed) and \(text)")
    }
}
