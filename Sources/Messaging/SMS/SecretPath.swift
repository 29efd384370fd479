private import Signing

/// The segment of a webhook's path that only the provider knows, where the provider signs nothing.
package enum SecretPath {
    /// Takes the same time whatever is given. No secret configured, or an empty one: nothing matches.
    package static func matches(_ given: String, _ expected: String?) -> Bool {
        guard let expected, !expected.isEmpty else { return false }
        return Digest.equal(Digest.sha256(Array(given.utf8)), Digest.sha256(Array(expected.utf8)))
    }
}
