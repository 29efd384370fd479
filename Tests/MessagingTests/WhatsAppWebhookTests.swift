import Messaging
import Testing

struct WhatsAppWebhookTests {
    private static let secret = "0123456789abcdef0123456789abcdef"
    private static let escaped = #"{"a":"caf\u00e9 \ud83d\ude00"}"#
    private static let escapedSignature = "sha256=24017450f6cacc167c31d7cde57e9472ef8710bf1edca0beefbaaaf67e133995"
    private static let text =
        #"{"object":"whatsapp_business_account","entry":[{"id":"100000000000001","changes":[{"value":{"messaging_product":"whatsapp","#
        + #""metadata":{"display_phone_number":"27110000000","phone_number_id":"200000000000002"},"#
        + #""contacts":[{"profile":{"name":"Test Vendor"},"wa_id":"27711234567"}],"#
        + #""messages":[{"from":"27711234567","id":"wamid.VEVTVC0wMDAx","timestamp":"1784376000","text":{"body":"Stop 12345678"},"#
        + #""type":"text"}]},"field":"messages"}]}]}"#
    private static let textSignature = "sha256=00bf163f06feeb1b4b04ad4bc424b3fa6bede2469a28017ed81a771f4414c638"

    private func verifies(_ signature: String?, _ body: String, secret: String = secret) throws -> Bool {
        try WhatsAppWebhook(appSecret: secret).verifies(signature: signature, body: Array(body.utf8))
    }

    @Test(arguments: [(escaped, escapedSignature), (text, textSignature)])
    func verifiesTheBytesAsTheyCame(_ body: String, _ signature: String) throws {
        #expect(try verifies(signature, body))
    }

    /// The same JSON in other bytes has another signature.
    @Test func refusesTheBodyWrittenAnew() throws {
        let raw = "{\"a\":\"café 😀\"}"
        #expect(try verifies("sha256=fc658e0ebd72fa9f3a766cec9eed01d5e9223e53df0fd239e3edaa6d516cb386", raw))
        #expect(try !verifies(Self.escapedSignature, raw))
        #expect(try !verifies("sha256=fc658e0ebd72fa9f3a766cec9eed01d5e9223e53df0fd239e3edaa6d516cb386", Self.escaped))
    }

    @Test func refusesAChangedBodyAndAnotherSecret() throws {
        #expect(try !verifies(Self.textSignature, Self.text.replacing("12345678", with: "12345679")))
        #expect(try !verifies(Self.textSignature, Self.text + " "))
        #expect(try !verifies(Self.textSignature, ""))
        #expect(try !verifies(Self.textSignature, Self.text, secret: "0123456789abcdef0123456789abcdeF"))
    }

    @Test(arguments: [
        nil, "", "sha256=", String(textSignature.dropFirst(7)), "sha1=" + textSignature.dropFirst(7), "SHA256=" + textSignature.dropFirst(7),
        "sha256=" + textSignature.dropFirst(7).uppercased(), textSignature + "0", String(textSignature.dropLast()), " " + textSignature,
        textSignature + " ", textSignature.replacing("00bf", with: "00be"), "sha256=" + String(repeating: "0", count: 64),
    ])
    func refusesEveryOtherSignature(_ signature: String?) throws {
        #expect(try !verifies(signature, Self.text))
    }

    /// HMAC-SHA256 of nothing under the empty key is no secret.
    @Test func anEmptySecretVerifiesNothing() throws {
        #expect(try !verifies("sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", "", secret: ""))
    }

    @Test func answersTheVerificationRequest() {
        let answer = WhatsAppWebhook.challenge(mode: "subscribe", token: "our-word", challenge: "1158201444", expected: "our-word")
        #expect(answer == "1158201444")
    }

    @Test(
        arguments: [
            ["unsubscribe", "our-word", "1", "our-word"], [nil, "our-word", "1", "our-word"], ["subscribe", "our-worD", "1", "our-word"],
            ["subscribe", "our-word1", "1", "our-word"], ["subscribe", nil, "1", "our-word"], ["subscribe", "our-word", nil, "our-word"],
            ["subscribe", "our-word", "", "our-word"], ["subscribe", "our-word", "1", nil], ["subscribe", nil, "1", nil], ["subscribe", "", "1", ""],
        ] as [[String?]])
    func refusesEveryOtherVerificationRequest(_ request: [String?]) {
        #expect(WhatsAppWebhook.challenge(mode: request[0], token: request[1], challenge: request[2], expected: request[3]) == nil)
    }
}
