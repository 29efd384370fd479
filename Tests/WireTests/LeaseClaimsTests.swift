import Testing
import Wire

struct LeaseClaimsTests {
    private static let full = LeaseClaims(
        sub: IMEI(serial: 35_209_900_176_148), chn: try! ChannelCode("KazTimpaPro"), acc: try! AccountReference("12345678"), rev: 1_784_376_000_123,
        locked: true, blocked: ["airtime_vend"], reasons: ["account_locked", "device_locked"],
        msg: "Line\nbreak, \"quote\", back\\slash, tab\t, é, \u{1}, 😀", iat: 1_784_376_000, ttl: 240, nonce: "AbC-_9", wait: 110, cap: 50_000,
        cmds: [TerminalCommand(id: "c1", kind: "geolocate")])

    @Test func whatIsWrittenByHandIsReadBackByTheDecoder() throws {
        #expect(try JSON.decode(LeaseClaims.self, from: Self.full.encoded()) == Self.full)
    }

    @Test func whatIsAbsentIsNotWritten() throws {
        let claims = LeaseClaims(
            sub: IMEI(serial: 35_209_900_176_148), chn: try ChannelCode("KazTimpaPro"), rev: 0, locked: false, iat: 7, ttl: 240, nonce: "n", wait: 110
        )
        #expect(
            String(decoding: claims.encoded(), as: UTF8.self)
                == #"{"sub":"352099001761481","chn":"KazTimpaPro","rev":0,"locked":false,"iat":7,"ttl":240,"nonce":"n","wait":110}"#)
    }

    /// RFC 4648 section 10, in the URL alphabet and without padding.
    @Test(arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy")])
    func base64URLVectors(_ plain: String, _ encoded: String) {
        #expect(Base64URL.encode(Array(plain.utf8)) == encoded)
        #expect(Base64URL.decode(encoded) == Array(plain.utf8))
    }

    @Test(arguments: ["Z", "Zg=", "Zg==", "Zh", "Zm9", "Zm9v YmFy", "+/", "Zm9vYmF\u{0}"])
    func base64URLRefusesPaddingStraysAndLeftoverBits(_ text: String) {
        // "Zh" and "Zm9" carry bits beyond the last byte: another spelling of the same bytes must not pass a signature check.
        #expect(Base64URL.decode(text) == nil)
    }

    @Test func base64URLUsesTheURLAlphabet() {
        #expect(Base64URL.encode([0xFB, 0xFF, 0xBF]) == "-_-_")
    }
}
