import Signing
import Testing
import Wire

struct Ed25519Tests {
    private static func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).map { UInt8(Array(hex)[$0...$0 + 1].map(String.init).joined(), radix: 16)! }
    }

    /// RFC 8032 section 7.1, tests 1 to 3.
    @Test(arguments: [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ])
    func signsAsRFC8032(_ seed: String, _ publicKey: String, _ message: String, _ signature: String) throws {
        let key = try Ed25519PrivateKey(seed: Self.bytes(seed))
        #expect(key.publicBytes == Self.bytes(publicKey))
        // Twice, because the second uses the context that the first has left.
        #expect(try key.sign(Self.bytes(message)) == Self.bytes(signature))
        #expect(try key.sign(Self.bytes(message)) == Self.bytes(signature))
        #expect(try key.publicKey.verifies(Self.bytes(signature), of: Self.bytes(message)))
        #expect(try !key.publicKey.verifies(Self.bytes(signature), of: Self.bytes(message) + [0]))
    }

    /// RFC 8037 appendix A.3.
    @Test func thumbprintIsThatOfRFC8037() throws {
        let key = try Ed25519PublicKey(bytes: Base64URL.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo") ?? [])
        #expect(key.thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    }

    /// RFC 8037 appendix A.4: the signature of a JWS made by somebody else.
    @Test func verifiesTheJWSOfRFC8037() throws {
        let key = try Ed25519PublicKey(bytes: Base64URL.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo") ?? [])
        let token =
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        #expect(try CompactJWS.verify(Array(token.utf8), type: nil, keys: [key]) == Array("Example of Ed25519 signing".utf8))
    }

    /// RFC 4231 test case 2, FIPS 180-2 example.
    @Test func digestsAreThoseOfTheirStandards() throws {
        let jefe = HMACKey(Array("Jefe".utf8))
        // Twice, because the second uses the context that the first has left.
        for _ in 0..<2 {
            #expect(
                Digest.hex(try jefe.code(of: Array("what do ya want for nothing?".utf8)))
                    == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        }
        #expect(Digest.hex(Digest.sha256(Array("abc".utf8))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Digest.equal([1, 2], [1, 2]))
        #expect(!Digest.equal([1, 2], [1, 3]))
        #expect(!Digest.equal([1, 2], [1, 2, 3]))
    }

    @Test func signsFromManyThreadsAtOnce() async throws {
        let key = try Ed25519PrivateKey(seed: Ed25519PrivateKey.newSeed())
        let verifier = try key.publicKey
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask { try verifier.verifies(key.sign([UInt8(number)]), of: [UInt8(number)]) }
            }
            for try await isGood in group { #expect(isGood) }
        }
    }
}
