private import Platform
package import Signing
private import Wire

/// `key.json`: the terminal's Ed25519 key as a private JWK (RFC 8037), mode 0600. It never leaves the terminal.
package enum TerminalKey {
    private struct PrivateJWK: Codable {
        var kty = "OKP"
        var crv = "Ed25519"
        var x: String
        var d: String
    }

    package static func load(_ path: String) throws(AgentError) -> Ed25519PrivateKey {
        do {
            var bytes = try File.read(path, limit: 4096)
            defer { SecretMemory.wipe(&bytes) }
            let file = try JSON.decode(PrivateJWK.self, from: bytes)
            guard var seed = Base64URL.decode(file.d), seed.count == 32 else { throw AgentError(.malformed, "\(path) holds no Ed25519 key") }
            defer { SecretMemory.wipe(&seed) }
            let key = try Ed25519PrivateKey(seed: seed)
            guard Base64URL.encode(key.publicBytes) == file.x else { throw AgentError(.malformed, "\(path): the two halves do not belong together") }
            return key
        } catch let error as AgentError {
            throw error
        } catch {
            throw AgentError(.system, "the terminal's key cannot be read: \(path): \(error)")
        }
    }

    /// The key that is there, else a new one, durable when it returns: after a lost answer the same key is enrolled with a new code.
    package static func loadOrMake(_ path: String) throws(AgentError) -> Ed25519PrivateKey {
        do {
            if try File.exists(path) { return try load(path) }
            var seed = try Ed25519PrivateKey.newSeed()
            defer { SecretMemory.wipe(&seed) }
            let key = try Ed25519PrivateKey(seed: seed)
            let file = PrivateJWK(x: Base64URL.encode(key.publicBytes), d: Base64URL.encode(seed))
            try AtomicFile.write(JSON.encode(file), to: path, mode: 0o600)
            return key
        } catch let error as AgentError {
            throw error
        } catch {
            throw AgentError(.system, "the terminal's key cannot be made: \(error)")
        }
    }
}
