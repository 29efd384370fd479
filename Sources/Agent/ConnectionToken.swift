private import Platform
package import Signing
package import Wire

/// The JWT with which a terminal proves who it is: `Authorization: Bearer` of a connection.
package struct ConnectionToken: Sendable {
    private let signer: CompactJWS.Signer
    private let imei: IMEI

    /// `iat` lies this many seconds back, for a clock that is a little ahead of the server's.
    private static let backdated: Int64 = 5

    package init(key: Ed25519PrivateKey, imei: IMEI) throws(CryptoError) {
        signer = try CompactJWS.Signer(key: key, type: "JWT")
        self.imei = imei
    }

    /// - Parameter unixSeconds: the time as far as it is known, `ServerClock.now`.
    package func make(unixSeconds: Int64) throws(CryptoError) -> String {
        let issued = unixSeconds - Self.backdated
        let claims = ConnectionClaims(
            sub: imei, iat: issued, exp: issued + ConnectionClaims.longestLife, jti: try RandomBytes.text(16))
        return String(decoding: try signer.sign(JSON.encode(claims)), as: UTF8.self)
    }
}
