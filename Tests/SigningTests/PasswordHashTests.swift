import Signing
import Testing

struct PasswordHashTests {
    /// RFC 7914 section 12; its fourth vector takes a gigabyte.
    @Test(arguments: [
        (
            "", "", PasswordHash.Cost(logN: 4, r: 1, p: 1),
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        ),
        (
            "password", "NaCl", PasswordHash.Cost(logN: 10, r: 8, p: 16),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        ),
        (
            "pleaseletmein", "SodiumChloride", PasswordHash.Cost(logN: 14, r: 8, p: 1),
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
        ),
    ])
    func isScrypt(_ password: String, _ salt: String, _ cost: PasswordHash.Cost, _ expected: String) throws {
        let key = try PasswordHash.derive(Array(password.utf8), salt: Array(salt.utf8), cost: cost, length: 64)
        #expect(Digest.hex(key) == expected)
    }

    private static let cheap = PasswordHash.Cost(logN: 4, r: 1, p: 1)

    @Test func isReadAsItWasWritten() throws {
        let hash = try PasswordHash(of: "correct horse battery", cost: Self.cheap)
        let stored = try #require(PasswordHash(hash.text))
        #expect(stored == hash && stored.cost == Self.cheap)
        #expect(try stored.verifies("correct horse battery"))
        for wrong in ["", "correct horse batter", "correct horse battery ", "Correct horse battery"] { #expect(try !stored.verifies(wrong)) }
    }

    /// At the cost that staff's passwords have: more memory than libcrypto allows by itself.
    @Test func theStandardCostIsTakenFromItsText() throws {
        let hash = try PasswordHash(of: "correct horse battery")
        #expect(hash.text.hasPrefix("$scrypt$ln=15,r=8,p=1$"))
        // 16 bytes of salt and 32 of hash in base64url.
        #expect(hash.text.split(separator: "$").suffix(2).map(\.utf8.count) == [22, 43])
        #expect(try #require(PasswordHash(hash.text)).verifies("correct horse battery"))
    }

    @Test func saltsEachAnew() throws {
        #expect(try PasswordHash(of: "same", cost: Self.cheap).text != PasswordHash(of: "same", cost: Self.cheap).text)
    }

    @Test(arguments: [
        "", "secret", "$scrypt$ln=4,r=1,p=1$AAAA", "$argon2id$ln=4,r=1,p=1$AAAA$", "$scrypt$ln=4,r=1$AAAA$", "$scrypt$r=1,ln=4,p=1$AAAA$",
        "$scrypt$ln=30,r=8,p=1$AAAA$", "$scrypt$ln=0,r=8,p=1$AAAA$", "$scrypt$ln=4,r=99999,p=1$AAAA$", "$scrypt$ln=4,r=1,p=1$$",
        "$scrypt$ln=4,r=1,p=1$A+A=$", "$scrypt$ln=,r=1,p=1$AAAA$", "$scrypt$ln=4=5,r=1,p=1$AAAA$",
    ])
    func refusesAnyOtherText(_ text: String) throws {
        let hash = String(repeating: "A", count: 43)
        #expect(PasswordHash("$scrypt$ln=4,r=1,p=1$AAAA$" + hash) != nil, "the rest is as it should be")
        #expect(PasswordHash(text.hasSuffix("$") ? text + hash : text) == nil)
    }

    @Test func refusesAHashThatWasCut() throws {
        let text = try PasswordHash(of: "p", cost: Self.cheap).text
        #expect(PasswordHash(String(text.dropLast(4))) == nil)
    }
}
