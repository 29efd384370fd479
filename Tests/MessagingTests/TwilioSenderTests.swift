import Messaging
import Testing
import Wire

struct TwilioSenderTests {
    private func sender(from: String? = nil) -> TwilioSender {
        TwilioSender(configuration: TwilioConfiguration(accountSID: "AC1", authToken: "secret", publicURL: "https://lock.example.org", from: from))
    }

    @Test func asksTwilioAsItsDocumentationSays() {
        let request = sender(from: "+27110000009").request(text: "Locked & safe", to: ReplyAddress(provider: .twilio, to: "+27711234567"))
        #expect(request.method == "POST")
        #expect(request.url == "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json")
        #expect(request.header("Authorization") == "Basic QUMxOnNlY3JldA==")
        #expect(request.header("Content-Type") == "application/x-www-form-urlencoded")
        #expect(request.form == ["To": "+27711234567", "Body": "Locked & safe", "From": "+27110000009"])
        #expect(!request.isRepeatable)
    }

    @Test func answersFromTheNumberThatWasWrittenTo() {
        let address = ReplyAddress(provider: .twilio, to: "whatsapp:+27711234567", from: "whatsapp:+27110000000")
        #expect(sender(from: "+27110000009").request(text: "x", to: address).form["From"] == "whatsapp:+27110000000")
    }

    @Test func aMessagingServiceIsNoNumber() {
        let service = "MG00000000000000000000000000000001"
        let form = sender(from: service).request(text: "x", to: ReplyAddress(provider: .twilio, to: "+27711234567")).form
        #expect(form["MessagingServiceSid"] == service)
        #expect(form["From"] == nil)
        let name = sender(from: "MGVENDING").request(text: "x", to: ReplyAddress(provider: .twilio, to: "+27711234567")).form
        #expect(name["From"] == "MGVENDING")
        #expect(sender().request(text: "x", to: ReplyAddress(provider: .twilio, to: "+27711234567")).form.count == 2)
    }

    @Test(arguments: [
        (400, 21610, "refused 21610"), (400, 21211, "refused 21211"), (400, 21614, "refused 21614"), (400, 21612, "refused 21612"),
        (400, 21617, "refused 21617"), (400, 21408, "refused 21408 alarm"), (400, 21606, "refused 21606 alarm"), (400, 21608, "refused 21608 alarm"),
        (404, 20404, "refused 20404 alarm"), (401, 20003, "retry 20003 300 alarm"), (403, 20003, "retry 20003 300 alarm"),
        (400, 10001, "retry 10001 300 alarm"), (429, 20429, "retry 20429 -"), (400, 63016, "outside window"), (400, 63024, "unreachable 63024"),
        (500, 20500, "retry 20500 -"), (400, 99999, "refused 99999 alarm"),
    ])
    func knowsTwiliosCodes(_ status: Int, _ code: Int, _ expected: String) {
        let answer = SMSSamples.answer(status, #"{"code":\#(code),"message":"why","more_info":"https://example.org","status":\#(status)}"#)
        let outcome = sender().outcome(of: answer, attempt: 1, now: SMSSamples.now)
        #expect(outcome.gist == expected)
        if case .refused(_, let detail, _) = outcome { #expect(detail == "why") }
    }

    @Test(
        arguments: [
            (201, #"{"sid":"SM7","status":"queued","error_code":null}"#, nil, 1, "accepted SM7"),
            (201, "", nil, 1, "refused unreadable_answer alarm"),
            (200, "<html>", nil, 1, "refused unreadable_answer alarm"), (201, #"{"sid":null}"#, nil, 1, "refused unreadable_answer alarm"),
            (201, #"{"sid":""}"#, nil, 1, "refused unreadable_answer alarm"),
            (500, "<html>", nil, 1, "retry http_500 -"), (503, "", "7", 1, "retry http_503 7"), (503, "", nil, 5, "retry http_503 - alarm"),
            (429, "", "12", 9, "retry http_429 12"), (401, "", nil, 1, "retry http_401 300 alarm"), (404, "", nil, 1, "refused http_404 alarm"),
            (302, "", nil, 1, "refused http_302 alarm"), (400, "no json", nil, 1, "refused http_400 alarm"),
        ] as [(Int, String, String?, Int, String)])
    func otherwiseTheStatusSpeaks(_ status: Int, _ body: String, _ retryAfter: String?, _ attempt: Int, _ expected: String) {
        let answer = SMSSamples.answer(status, body, retryAfter: retryAfter)
        #expect(sender().outcome(of: answer, attempt: attempt, now: SMSSamples.now).gist == expected)
    }

    @Test func aPageOfAProxyIsToldInOneShortLine() {
        let answer = SMSSamples.answer(502, "<html>\n\n  bad " + String(repeating: "gateway ", count: 200))
        guard case .retry(_, let detail, _, _) = sender().outcome(of: answer, attempt: 1, now: SMSSamples.now) else {
            Issue.record("a bad gateway is tried again")
            return
        }
        #expect(detail.count == 200)
        #expect(detail.hasPrefix("<html> bad gateway gateway"))
    }
}
