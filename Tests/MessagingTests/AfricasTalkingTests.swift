import Messaging
import Testing
import Wire

struct AfricasTalkingTests {
    private func read(_ body: String) -> InboundMessage? { AfricasTalkingWebhook.read(FormData(body: Array(body.utf8))) }

    @Test(arguments: ["2026-07-18+12%3A00%3A00", "2026-07-18T12%3A00%3A00Z", "2026-07-18T12%3A00%3A00.000Z"])
    func readsAMessageWithEitherDate(_ date: String) {
        let body =
            "linkId=00000000000000000001&text=STOP+12345678&to=21512&id=00000000-0000-4000-8000-000000000001&date=\(date)&from=%2B27711234567"
        #expect(
            read(body)
                == InboundMessage(
                    provider: .africastalking, id: "00000000-0000-4000-8000-000000000001", sender: .init(phone: "+27711234567"),
                    sentAt: SMSSamples.now, content: .text("STOP 12345678"),
                    replyTo: ReplyAddress(provider: .africastalking, to: "+27711234567")))
    }

    @Test func aDateThatIsNoneIsAbsent() {
        #expect(read("text=x&id=1&date=yesterday&from=%2B27711234567")?.sentAt == nil)
        #expect(read("text=x&id=1&from=%2B27711234567")?.content == .text("x"))
    }

    @Test func aNameIsNoSenderAndGetsNoReply() {
        let message = read("text=STOP+12345678&id=1&from=MTN")
        #expect(message?.content == .text("STOP 12345678"))
        #expect(message?.sender == .init())
        #expect(message?.replyTo == nil)
    }

    @Test(arguments: ["", "text=STOP&from=%2B27711234567", "id=&text=STOP&from=%2B27711234567", "id=1&status=Success&phoneNumber=%2B27711234567"])
    func aFormWithoutAMessageIsNone(_ body: String) {
        #expect(read(body) == nil)
    }

    private func sender(from: String? = nil) throws -> AfricasTalkingSender {
        try #require(AfricasTalkingSender(configuration: AfricasTalkingConfiguration(username: "vend", apiKey: "key", from: from)))
    }

    @Test func asksAsItsDocumentationSays() throws {
        let address = ReplyAddress(provider: .africastalking, to: "+27711234567")
        let request = try sender().request(text: "Locked", to: address)
        #expect(request.url == "https://api.africastalking.com/version1/messaging")
        #expect(request.header("apiKey") == "key")
        #expect(request.header("Accept") == "application/json")
        #expect(request.form == ["username": "vend", "to": "+27711234567", "message": "Locked"])
        #expect(try sender(from: "21512").request(text: "Locked", to: address).form["from"] == "21512")
    }

    @Test(arguments: [nil, ""])
    func withoutAKeyThereIsNoSender(_ key: String?) {
        #expect(AfricasTalkingSender(configuration: AfricasTalkingConfiguration(username: "vend", apiKey: key)) == nil)
    }

    @Test(arguments: [
        (100, "accepted ATXid_1"), (101, "accepted ATXid_1"), (102, "accepted ATXid_1"), (401, "refused 401 alarm"), (402, "refused 402 alarm"),
        (403, "refused 403"), (404, "refused 404"), (405, "retry 405 300 alarm"), (406, "refused 406"), (407, "refused 407"), (409, "retry 409 3600"),
        (500, "retry 500 -"), (501, "retry 501 -"), (502, "refused 502"), (499, "refused 499 alarm"),
    ])
    func knowsItsStatusCodes(_ code: Int, _ expected: String) throws {
        let body = """
            {"SMSMessageData":{"Message":"Sent to 1/1","Recipients":[
            {"statusCode":\(code),"number":"+27711234567","status":"S","cost":"ZAR 0.2","messageId":"ATXid_1"}]}}
            """
        #expect(try sender().outcome(of: SMSSamples.answer(201, body), attempt: 1, now: SMSSamples.now).gist == expected)
    }

    @Test(arguments: [
        (201, #"{"SMSMessageData":{"Message":"InvalidSenderId","Recipients":[]}}"#, "refused no_recipient alarm"),
        (200, "<html>", "refused unreadable_answer alarm"), (401, "The supplied authentication is invalid", "retry http_401 300 alarm"),
        (500, "", "retry http_500 -"), (429, "", "retry http_429 -"), (400, "", "refused http_400 alarm"),
    ])
    func otherwiseTheStatusSpeaks(_ status: Int, _ body: String, _ expected: String) throws {
        #expect(try sender().outcome(of: SMSSamples.answer(status, body), attempt: 1, now: SMSSamples.now).gist == expected)
    }
}
