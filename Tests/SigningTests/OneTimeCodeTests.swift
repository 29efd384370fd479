import Signing
import Testing

struct OneTimeCodeTests {
    /// The secret of both RFCs.
    private static let secret = Array("12345678901234567890".utf8)

    /// RFC 4226 appendix D.
    @Test func givesTheCodesOfTheHOTPStandard() throws {
        let expected = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
        #expect(try (0..<10).map { try OneTimeCode.code(secret: Self.secret, counter: $0) } == expected)
    }

    /// RFC 6238 appendix B, SHA-1.
    @Test(
        arguments: [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"), (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] as [(Int64, String)])
    func givesTheCodesOfTheTOTPStandard(_ seconds: Int64, _ expected: String) throws {
        let step = OneTimeCode.step(atUnixSeconds: seconds)
        #expect(try OneTimeCode.code(secret: Self.secret, counter: step, digits: 8) == expected)
        #expect(try OneTimeCode.code(secret: Self.secret, counter: step) == String(expected.suffix(6)))
        #expect(try OneTimeCode.step(of: String(expected.suffix(6)), secret: Self.secret, atUnixSeconds: seconds, after: nil) == step)
    }

    /// RFC 4226 section 5.4.
    @Test func takesFourBytesFromWhereTheLastOnesPoint() {
        let mac: [UInt8] = [
            0x1F, 0x86, 0x98, 0x69, 0x0E, 0x02, 0xCA, 0x16, 0x61, 0x85, 0x50, 0xEF, 0x7F, 0x19, 0xDA, 0x8E, 0x94, 0x5B, 0x55, 0x5A,
        ]
        #expect(OneTimeCode.truncated(mac, digits: 6) == "872921")
        #expect(OneTimeCode.truncated(mac, digits: 9) == "357872921")
        // The sign is dropped, and zeros lead.
        #expect(OneTimeCode.truncated([0x80, 0, 0, 7] + [UInt8](repeating: 0, count: 28), digits: 8) == "00000007")
    }

    @Test func takesAStepEitherWayAndNoMore() throws {
        let now: Int64 = 1_700_000_010
        let step = OneTimeCode.step(atUnixSeconds: now)
        for offset in Int64(-3)...3 {
            let code = try OneTimeCode.code(secret: Self.secret, counter: step + offset)
            let found = try OneTimeCode.step(of: code, secret: Self.secret, atUnixSeconds: now, after: nil)
            #expect(found == (abs(offset) <= 1 ? step + offset : nil), "\(offset)")
        }
    }

    @Test func takesNoCodeOfAStepThatIsUsedOrPassed() throws {
        let now: Int64 = 1_700_000_010
        let step = OneTimeCode.step(atUnixSeconds: now)
        func found(_ offset: Int64, after: Int64) throws -> Int64? {
            try OneTimeCode.step(
                of: OneTimeCode.code(secret: Self.secret, counter: step + offset), secret: Self.secret, atUnixSeconds: now, after: step + after)
        }
        #expect(try found(0, after: 0) == nil)
        #expect(try found(-1, after: 0) == nil)
        #expect(try found(1, after: 0) == step + 1)
        #expect(try found(0, after: -1) == step)
    }

    @Test(arguments: ["", "0", "00000", "0000000", "abcdef", "12345６", " ", "-12345"]) func refusesWhatIsNoCode(_ text: String) throws {
        #expect(try OneTimeCode.step(of: text, secret: Self.secret, atUnixSeconds: 59, after: nil) == nil)
    }

    @Test func forgivesSpacesAsAppsShowThem() throws {
        #expect(try OneTimeCode.step(of: " 287 082", secret: Self.secret, atUnixSeconds: 59, after: nil) == 1)
    }

    /// RFC 4648 section 10, without padding.
    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI"),
        ("12345678901234567890", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
    ])
    func writesASecretInBase32(_ text: String, _ expected: String) {
        #expect(Base32.encode(Array(text.utf8)) == expected)
    }

    @Test func makesSecretsAsLongAsTheHash() throws {
        let first = try OneTimeCode.newSecret()
        #expect(first.count == 20)
        #expect(try OneTimeCode.newSecret() != first)
    }
}
