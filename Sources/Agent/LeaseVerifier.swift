package import Signing
package import Wire

/// Believes a lease only if it is signed, over the bytes received, by a key that the terminal was enrolled with.
package struct LeaseVerifier: Sendable {
    private let keys: [Ed25519PublicKey]

    /// Why a lease is not believed: a stable code, for the event.
    package struct Refusal: Error, Equatable { package let why: String }

    /// - Parameter set: keys of another kind than Ed25519 are left out; without any left, nothing is believed.
    package init(_ set: JWKSet) throws(CryptoError) {
        var keys: [Ed25519PublicKey] = []
        for bytes in set.keys.compactMap(\.ed25519Bytes) { keys.append(try Ed25519PublicKey(bytes: bytes)) }
        self.keys = keys
    }

    package func verify(_ token: [UInt8]) throws(Refusal) -> LeaseClaims {
        let payload: [UInt8]
        do throws(JWSRefusal) {
            payload = try CompactJWS.verify(token, type: LeaseClaims.type, keys: keys)
        } catch {
            throw Refusal(why: error.rawValue)
        }
        do throws(JSONRefusal) {
            return try JSON.decode(LeaseClaims.self, from: payload)
        } catch {
            throw Refusal(why: "claims")
        }
    }
}
