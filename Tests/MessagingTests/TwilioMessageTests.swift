import Messaging
import Testing
import Wire

struct TwilioMessageTests {
    private func read(_ changes: KeyValuePairs<String, String?> = [:]) -> InboundMessage? {
        var fields: [FormData.Field] = [
            .init("MessageSid", "SM1"), .init("From", "+27711234567"), .init("To", "+27110000000"), .init("Body", "STOP 12345678"),
            .init("NumMedia", "0"), .init("SmsStatus", "received"),
        ]
        for (name, value) in changes {
            fields.removeAll { $0.name == name }
            if let value { fields.append(.init(name, value)) }
        }
        return TwilioWebhook.read(FormData(fields))
    }

    @Test func readsAnSMS() {
        #expect(
            read()
                == InboundMessage(
                    provider: .twilio, id: "SM1", sender: .init(phone: "+27711234567"), content: .text("STOP 12345678"),
                    replyTo: ReplyAddress(provider: .twilio, to: "+27711234567", from: "+27110000000")))
    }

    @Test func readsWhatsAppWithANumberAndAnIdentifier() {
        let message = read(["From": "whatsapp:+27711234567", "To": "whatsapp:+27110000000", "ExternalUserId": "whatsapp:ZA.123"])
        #expect(message?.sender == .init(phone: "+27711234567", userID: "ZA.123"))
        #expect(message?.replyTo == ReplyAddress(provider: .twilio, to: "whatsapp:+27711234567", from: "whatsapp:+27110000000"))
    }

    @Test(arguments: ["whatsapp:ZA.123", nil])
    func readsWhatsAppWithAnIdentifierAlone(_ external: String?) {
        let message = read(["From": "whatsapp:ZA.123", "ExternalUserId": external])
        #expect(message?.sender == .init(phone: nil, userID: "ZA.123"))
        #expect(message?.replyTo?.to == "whatsapp:ZA.123")
    }

    @Test(arguments: ["MTN", "27MTN", "+27MTN", "+", "12", "ZA.123", "whatsapp:MTN", "+1234567890123456", "", "+27 71 123 4567", "२७७११२३४५६७"])
    func aNameIsNoSenderAndGetsNoReply(_ from: String) {
        let message = read(["From": from])
        #expect(message?.id == "SM1")
        #expect(message?.sender == .init())
        #expect(message?.replyTo == nil)
    }

    @Test func takesAPlusThatArrivedAsASpace() {
        #expect(read(["From": " 27711234567"])?.sender.phone == "+27711234567")
    }

    @Test(
        arguments: [
            ("", "1", nil, .unreadable(kind: "media")), (" \n", "2", nil, .unreadable(kind: "media")),
            ("Stop 12345678", "1", nil, .text("Stop 12345678")),
            ("", "0", nil, .text("")), ("", "0", "-26.2", .unreadable(kind: "location")), ("", "x", nil, .text("")),
        ] as [(String, String, String?, InboundMessage.Content)])
    func aPictureIsUnreadableUnlessItCarriesText(_ body: String, _ media: String, _ latitude: String?, _ expected: InboundMessage.Content) {
        #expect(read(["Body": body, "NumMedia": media, "Latitude": latitude])?.content == expected)
    }

    @Test func aBareStopStaysAText() {
        #expect(read(["Body": "STOP", "OptOutType": "STOP"])?.content == .text("STOP"))
    }

    @Test func aFormWithoutAMessageIsNone() {
        #expect(read(["MessageSid": nil]) == nil)
        #expect(read(["MessageSid": ""]) == nil)
        #expect(read(["From": nil]) == nil)
        #expect(read(["SmsStatus": "delivered"]) == nil)
        #expect(read(["SmsStatus": nil, "MessageStatus": "failed"]) == nil)
        #expect(read(["SmsStatus": nil]) != nil)
        #expect(read(["MessageSid": nil, "SmsSid": "SM2"])?.id == "SM2")
    }
}
