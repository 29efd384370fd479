import Signing
import Testing
import Wire

struct CompactJWSTests {
    private let key: Ed25519PrivateKey
    private let keys: [Ed25519PublicKey]
    private let token: [UInt8]

    init() throws {
        key = try Ed25519PrivateKey(seed: [UInt8](repeating: 7, count: 32))
        keys = [try key.publicKey]
        token = try CompactJWS.Signer(key: key, type: "lease+jwt").sign(Array(#"{"rev":1}"#.utf8))
    }

    private func refusal(_ token: [UInt8], type: String? = "lease+jwt", keys: [Ed25519PublicKey]? = nil) -> JWSRefusal? {
        do {
            _ = try CompactJWS.verify(token, type: type, keys: keys ?? self.keys)
            return nil
        } catch { return error }
    }

    /// A token with another header, signed properly over it.
    private func signed(header: String) throws -> [UInt8] {
        var text = Array((Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array("{}".utf8))).utf8)
        let signature = try key.sign(text)
        text.append(UInt8(ascii: "."))
        Base64URL.append(signature, to: &text)
        return text
    }

    @Test func acceptsWhatItSigned() throws {
        #expect(try CompactJWS.verify(token, type: "lease+jwt", keys: keys) == Array(#"{"rev":1}"#.utf8))
    }

    @Test func everyChangedCharacterIsRefused() {
        for place in token.indices {
            var forged = token
            forged[place] = forged[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(refusal(forged) != nil, "character \(place)")
        }
    }

    @Test func everyCutIsRefused() {
        for length in 0..<token.count { #expect(refusal(Array(token.prefix(length))) != nil) }
        #expect(refusal(token + token) == .malformed)
        #expect(refusal([UInt8](repeating: 65, count: 20_000)) == .malformed)
    }

    @Test(arguments: ["none", "None", "HS256", "RS256", "ES256", "EdDSA ", ""])
    func refusesEveryOtherAlgorithmAlsoWhenTheSignatureIsGood(_ algorithm: String) throws {
        #expect(refusal(try signed(header: #"{"alg":"\#(algorithm)","typ":"lease+jwt"}"#)) == .wrongAlgorithm)
    }

    @Test func refusesHS256WithThePublicKeyAsSecret() throws {
        let text = Base64URL.encode(Array(#"{"alg":"HS256","typ":"lease+jwt"}"#.utf8)) + "." + Base64URL.encode(Array("{}".utf8))
        let code = try HMACKey(key.publicBytes).code(of: Array(text.utf8))
        #expect(refusal(Array((text + "." + Base64URL.encode(code)).utf8)) == .wrongAlgorithm)
    }

    @Test func refusesAnotherTypeAnotherKeyAndWhatItMustNotIgnore() throws {
        #expect(refusal(token, type: "JWT") == .wrongType)
        #expect(refusal(try signed(header: #"{"alg":"EdDSA","typ":"lease+jwt","crit":["exp"]}"#)) == .wrongType)
        let other = try Ed25519PrivateKey(seed: [UInt8](repeating: 8, count: 32)).publicKey
        #expect(refusal(token, keys: [other]) == .unknownKey)
        #expect(refusal(try signed(header: #"{"alg":"EdDSA","typ":"lease+jwt"}"#), keys: [other]) == .badSignature)
        #expect(refusal(token, keys: []) == .unknownKey)
        #expect(refusal(token, keys: [other] + keys) == nil)
    }
}
