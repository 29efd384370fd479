package import Signing
package import Store
package import Wire

/// The server's own secrets, made at the first start and kept in the store, so that every server over one store has the same.
package struct ServerKeys: Sendable {
    package let signing: Ed25519PrivateKey
    package let sessionSecret: HMACKey

    package init(store: any Store) throws {
        let (seed, secret) = try store.write { writer in
            func kept(_ name: String, _ make: () throws -> [UInt8]) throws -> [UInt8] {
                if let value = try writer.setting(name) { return value }
                let value = try make()
                try writer.putSetting(name, value)
                return value
            }
            return (try kept("signing_seed", Ed25519PrivateKey.newSeed), try kept("session_secret") { try RandomBytes.make(32) })
        }
        signing = try Ed25519PrivateKey(seed: seed)
        sessionSecret = HMACKey(secret)
    }

    package var publicSet: JWKSet { get throws { JWKSet(keys: [try signing.publicKey.jwk]) } }
}
