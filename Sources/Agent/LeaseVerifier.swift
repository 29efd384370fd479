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

    package func verify(_ token: [UInt8]) throws(Refusal) -> LeaseClaims { try verify(token, as: LeaseClaims.self, type: LeaseClaims.type) }

    /// A key for offline codes needs the same signature as a lease: whoever could give one could unlock.
    package func verifyGrant(_ token: [UInt8]) throws(Refusal) -> OfflineCodeGrant {
        try verify(token, as: OfflineCodeGrant.self, type: OfflineCodeGrant.type)
    }

    /// Pins need it too: whoever could give them could shut the terminal out.
    package func verifyPins(_ token: [UInt8]) throws(Refusal) -> PinGrant { try verify(token, as: PinGrant.self, type: PinGrant.type) }

    private func verify<Claims: Decodable>(_ token: [UInt8], as claims: Claims.Type, type: String) throws(Refusal) -> Claims {
        let payload: [UInt8]
        do throws(JWSRefusal) {
            payload = try CompactJWS.verify(token, type: type, keys: keys)
        } catch {
            throw Refusal(why: error.rawValue)
        }
        do throws(JSONRefusal) {
            return try JSON.decode(claims, from: payload)
        } catch {
            throw Refusal(why: "claims")
        }
    }
}
