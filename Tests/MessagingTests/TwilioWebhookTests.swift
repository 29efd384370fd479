import Messaging
import Testing

struct TwilioWebhookTests {
    private static let url = "https://lock.example.org/sms/twilio?src=a"
    private static let signature = "k7aMf8+d4RLD91A+e8+EtAAo0/U="
    private static let fields: [FormData.Field] = [
        .init("AccountSid", "AC00000000000000000000000000000001"), .init("Body", "STOP 12345678"), .init("From", "+27711234567"),
        .init("MessageSid", "SM00000000000000000000000000000001"), .init("NumMedia", "0"), .init("To", "+27110000000"),
    ]
    private let webhook = TwilioWebhook(authToken: "12345")

    private func verifies(_ signature: String? = signature, url: String = url, fields: [FormData.Field] = fields) -> Bool {
        webhook.verifies(signature: signature, url: url, form: FormData(fields))
    }

    @Test func acceptsTheVectorThatTwilioDocuments() {
        let body = "To=%2B18005551212&From=%2B14158675309&Digits=1234&Caller=%2B14158675309&CallSid=CA1234567890ABCDE"
        let form = FormData(body: Array(body.utf8))
        #expect(webhook.verifies(signature: "RSOYDt4T1cUTdK1PDd93/VVr8B8=", url: "https://mycompany.com/myapp.php?foo=1&bar=2", form: form))
    }

    @Test func acceptsAMessageInAnyOrderOfItsFields() {
        #expect(verifies())
        #expect(verifies(fields: Self.fields.reversed()))
    }

    /// Computed with Python's hmac over the sorted set of the pairs.
    @Test func countsRepeatedPairsOnceAndEmptyAndForeignValuesToo() {
        let more: [FormData.Field] = [
            .init("Tag", "b"), .init("Tag", "a"), .init("Tag", "b"), .init("Empty", ""), .init("Note", "ünï 🔒"),
        ]
        #expect(verifies("86OLI2Qa2+h9TZIlWnXY6G7sIBc=", fields: Self.fields + more))
        #expect(verifies("86OLI2Qa2+h9TZIlWnXY6G7sIBc=", fields: more + Self.fields))
        for place in [0, 1, 3, 4] {
            var changed = more
            changed[place] = .init(changed[place].name, changed[place].value + "!")
            #expect(!verifies("86OLI2Qa2+h9TZIlWnXY6G7sIBc=", fields: Self.fields + changed))
        }
        // The same to a reader, other bytes.
        var decomposed = more
        decomposed[4] = .init("Note", "u\u{308}ni\u{308} 🔒")
        #expect(!verifies("86OLI2Qa2+h9TZIlWnXY6G7sIBc=", fields: Self.fields + decomposed))
    }

    @Test(arguments: fields.indices)
    func refusesAChangedFieldAndAMissingOne(_ place: Int) {
        var changed = Self.fields
        changed[place] = .init(changed[place].name, changed[place].value + "0")
        #expect(!verifies(fields: changed))
        changed[place] = .init(Self.fields[place].name.lowercased(), Self.fields[place].value)
        #expect(!verifies(fields: changed))
        changed.remove(at: place)
        #expect(!verifies(fields: changed))
    }

    @Test func refusesAnAddedField() {
        #expect(!verifies(fields: Self.fields + [.init("Extra", "1")]))
        #expect(!verifies(fields: Self.fields + [.init("Extra", "")]))
    }

    @Test(arguments: [
        "http://lock.example.org/sms/twilio?src=a", "https://lock.example.com/sms/twilio?src=a", "https://lock.example.org/sms/twilio?src=b",
        "https://lock.example.org/sms/twilio", "https://lock.example.org/sms/twilio/?src=a", "https://lock.example.org/sms/twilio?src=a&", "", "lock",
    ])
    func refusesAnotherURL(_ url: String) {
        #expect(!verifies(url: url))
    }

    @Test(arguments: [
        "", "k7aMf8+d4RLD91A+e8+EtAAo0/U", "k7aMf8+d4RLD91A+e8+EtAAo0/V=", "K7aMf8+d4RLD91A+e8+EtAAo0/U=", "k7aMf8-d4RLD91A-e8-EtAAo0_U=",
    ])
    func refusesAnotherSignature(_ signature: String) {
        #expect(!verifies(signature))
    }

    @Test func refusesWithoutASignatureAndWithAnotherToken() {
        #expect(!verifies(nil))
        #expect(!TwilioWebhook(authToken: "12346").verifies(signature: Self.signature, url: Self.url, form: FormData(Self.fields)))
    }

    /// The signature that an empty key gives, which anybody can compute.
    @Test func nothingVerifiesWithoutAToken() {
        #expect(!TwilioWebhook(authToken: "").verifies(signature: "cOutYgGEViQBqKkdEHMiBBq+xcc=", url: Self.url, form: FormData(Self.fields)))
    }

    @Test func thePortOfTheSchemeMayBeNamedOrNot() {
        let withPort = "QwpHakIC+im9OyqQb8p2EPkZFag="
        #expect(verifies(url: "https://lock.example.org:443/sms/twilio?src=a"))
        #expect(verifies(withPort, url: "https://lock.example.org:443/sms/twilio?src=a"))
        #expect(verifies(withPort))
        #expect(!verifies(withPort, url: "http://lock.example.org/sms/twilio?src=a"))
    }

    @Test(arguments: ["https://lock.example.org", "https://lock.example.org/"])
    func theSignedURLIsOurPublicOne(_ publicURL: String) {
        let configuration = TwilioConfiguration(accountSID: "AC1", authToken: "12345", publicURL: publicURL)
        #expect(configuration.signedURL(target: "/sms/twilio?src=a") == Self.url)
    }
}
