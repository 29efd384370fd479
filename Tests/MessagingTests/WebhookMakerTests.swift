import Foundation
import TestSupport
import Testing

/// The test's own webhooks carry the signatures that the providers document.
struct WebhookMakerTests {
    @Test func signsAsMetaDoes() throws {
        let secret = "0123456789abcdef0123456789abcdef"
        let escaped = try Webhooks.signedWhatsApp(body: Array(#"{"a":"caf\u00e9 \ud83d\ude00"}"#.utf8), secret: secret)
        #expect(escaped.headers == ["X-Hub-Signature-256: sha256=24017450f6cacc167c31d7cde57e9472ef8710bf1edca0beefbaaaf67e133995"])
        let plain = try Webhooks.signedWhatsApp(body: Array(#"{"a":"café 😀"}"#.utf8), secret: secret)
        #expect(plain.headers == ["X-Hub-Signature-256: sha256=fc658e0ebd72fa9f3a766cec9eed01d5e9223e53df0fd239e3edaa6d516cb386"])
        #expect((["a": "café 😀"] as JSONValue).text == #"{"a":"caf\u00e9 \ud83d\ude00"}"#)
    }

    @Test func signsAsTwilioDoes() throws {
        let documented = try Webhooks.twilio(
            form: [
                ("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("Digits", "1234"), ("From", "+14158675309"), ("To", "+18005551212"),
            ], token: "12345", url: "https://mycompany.com/myapp.php?foo=1&bar=2")
        #expect(documented.headers == ["X-Twilio-Signature: RSOYDt4T1cUTdK1PDd93/VVr8B8="])
        let form = [
            ("To", "+27110000000"), ("NumMedia", "0"), ("MessageSid", "SM00000000000000000000000000000001"), ("From", "+27711234567"),
            ("Body", "STOP 12345678"), ("AccountSid", "AC00000000000000000000000000000001"),
        ]
        let own = try Webhooks.twilio(form: form, token: "12345", url: "https://lock.example.org/sms/twilio?src=a")
        #expect(own.headers == ["X-Twilio-Signature: k7aMf8+d4RLD91A+e8+EtAAo0/U="])
        let fields = try #require(FormFields(own.body))
        #expect(fields.pairs.map(\.name) == form.map(\.0) && fields["From"] == "+27711234567" && fields["Body"] == "STOP 12345678")
    }

    @Test func signsWithTheKeyThatItShows() throws {
        let hook = try Webhooks.freshchat(text: "Stop 12345678", user: "u1", conversation: "c1")
        #expect(try JSONValue(hook.body)["data"]["message"]["message_parts"][0]["text"]["content"].string == "Stop 12345678")
        let directory = try TemporaryDirectory()
        let words = try FreshchatKey.shared.publicKey.split(separator: " ")
        let base64 = try #require(words.first { $0.hasPrefix("MII") })
        let key = try directory.write("-----BEGIN PUBLIC KEY-----\n\(base64)\n-----END PUBLIC KEY-----\n", to: "key")
        let signature = try #require(hook.headers.first.map { $0.dropFirst("X-Freshchat-Signature: ".count) })
        try #require(Data(base64Encoded: String(signature))).write(to: URL(fileURLWithPath: directory.file("sig")))
        let body = try directory.write(hook.text, to: "body")
        func verify(_ file: String) throws -> Int32 {
            try Programs.run("openssl", ["dgst", "-sha256", "-verify", key, "-signature", directory.file("sig"), file]).status
        }
        #expect(try verify(body) == 0)
        #expect(try verify(directory.write(hook.text + " ", to: "other")) != 0)
    }

    @Test func batchesManyMessagesOverEntries() throws {
        let messages = (0..<5).map { WhatsAppMessage.text("Stop \($0)", from: .both("27711234567", "ZA.1")) }
        let status = WhatsAppStatus(of: "wamid.A", "failed", to: "27711234567", tag: "t", code: 131026)
        let json = try JSONValue(Webhooks.whatsApp(messages, statuses: [status], perChange: 2, secret: "s").body)
        let values = json["entry"].array.flatMap { $0["changes"].array }.map { $0["value"] }
        #expect(values.map { $0["messages"].array.count } == [2, 2, 1, 0])
        #expect(values.flatMap { $0["messages"].array }.map { $0["id"].string } == messages.map(\.id))
        #expect(Set(messages.map(\.id)).count == 5)
        #expect(
            values[3]["statuses"][0]["errors"][0]["code"].integer == 131026 && values[3]["metadata"]["phone_number_id"].string == "200000000000002")
        #expect(values[0]["contacts"][0]["wa_id"].string == "27711234567" && values[0]["messages"][0]["from_user_id"].string == "ZA.1")
    }

    @Test func leavesOutTheNumberThatIsWithheld() throws {
        let json = try JSONValue(Webhooks.whatsApp(text: "Stop 1", from: .userID("ZM.1"), secret: "s").body)["entry"][0]["changes"][0]["value"]
        #expect(json["contacts"][0].keys == ["profile", "user_id"] && !json["messages"][0].has("from"))
    }
}
