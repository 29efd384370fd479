import TestSupport
import Testing

/// `/hooks/email`: what the receiving mail server posts opens a request or continues one, once, and decides nothing.
@Suite struct EmailTests {
    private let office: RequestOffice
    private static let server = "mx.vendor.example"
    private static let proven = [MailMaker.passed(by: server, domain: "shop.example")]

    init() throws { office = try RequestOffice() }

    private func post(_ mail: [UInt8], secret: String? = "a secret for mail") throws -> Reply {
        try office.admin.with(token: secret).call("POST", "/hooks/email", bytes: mail, headers: ["Content-Type: message/rfc822"])
    }

    private func mail(
        _ subject: String, from: String = "Nomsa <\(RequestOffice.email)>", results: [String] = proven, id: String? = nil, text: String = "please",
        fields: [(String, String)] = []
    ) -> [UInt8] {
        MailMaker.make(from: from, subject: subject, text: text, results: results, id: id, fields: fields)
    }

    private func requests(_ query: String = "?state=all") throws -> [JSONValue] {
        try office.admin.must(200, "GET", "/v1/requests" + query)["requests"].array
    }

    @Test func continuesTheRequestThatWaitsForIt() throws {
        let ticket = try office.ticket(office.open("multiple_channel_access", #""channel":"KazAndroid""#, source: "whatsapp"))
        let reply = try post(mail("Re: my second channel [\(ticket.lowercased())]", text: "I would like the app too."))
        #expect(reply.status == 200 && reply.json["outcome"].string == "continued" && reply.json["ticket"].string == ticket)
        let request = try office.show(ticket)
        #expect(request["step"].string == "level_1" && request["email"].string == RequestOffice.email)
        #expect(request["email_confirmed"].bool == true && request["email_on_record"].bool == true)
        #expect(request["entries"].array.last?["text"].string?.contains("I would like the app too.") == true)
        let note = try #require(try office.notes("request_email").first)
        #expect(note["actor"].string == "email:\(RequestOffice.email)" && note["via"].string == "email" && note["ticket"].string == ticket)
        #expect(note["text"].string?.contains("I would like the app too.") == false, "a letter is not kept for ever")
        try office.must("answers", ticket, office.rightAnswers())
    }

    @Test func opensAnEnquiryWithoutATicket() throws {
        let reply = try post(mail("Asseblief: tweede kanaal", text: "Môre, kan julle help?"))
        let ticket = try #require(reply.json["ticket"].string)
        #expect(reply.json["outcome"].string == "opened")
        let request = try office.show(ticket)
        #expect(request["kind"].string == "enquiry" && request["step"].string == "sorting" && request["source"].string == "email")
        #expect(request["account"].string == office.reference && request["has_news"].bool == true)
        #expect(request["entries"].array.first?["text"].string?.contains("Môre, kan julle help?") == true)
        #expect(try office.told(1) == ["request_opened"])
        let sorted = try office.must("sorting", ticket, #"{"kind":"multiple_channel_access","channel":"KazAndroid"}"#)
        #expect(sorted["step"].string == "level_1" && sorted["email_confirmed"].bool == true)
    }

    /// The owner's address in From proves nothing by itself.
    @Test(arguments: [
        [], [MailMaker.failed(by: server, domain: "shop.example")], [MailMaker.passed(by: "mx.elsewhere.example", domain: "shop.example")],
    ])
    func sayWhenNobodyConfirmsTheSender(_ results: [String]) throws {
        let ticket = try #require(try post(mail("a second channel", results: results)).json["ticket"].string)
        #expect(try office.show(ticket)["email_confirmed"].bool == false)
        let sorted = try office.must("sorting", ticket, #"{"kind":"multiple_channel_access","channel":"KazAndroid"}"#)
        #expect(sorted["email_on_record"].bool == true)
        expectProblem(try office.step("answers", ticket, office.rightAnswers()), 400, "answer_required")
        try office.must("answers", ticket, office.rightAnswers(more: #""owner_confirmation":"called back""#))
    }

    @Test func aRepeatHasNoSecondEffect() throws {
        let once = mail("hello", id: "one@mail.example")
        let ticket = try post(once).json["ticket"].string
        let again = try post(once)
        #expect(again.status == 200 && again.json["outcome"].string == "repeated")
        #expect(try requests().compactMap { $0["ticket"].string } == [ticket].compactMap(\.self))
        // Another's identifier on another letter silences neither.
        #expect(try post(mail("something else", id: "one@mail.example")).json["outcome"].string == "opened")
    }

    @Test func anAbsenceNoticeOpensNothing() throws {
        let reply = try post(mail("Out of office", fields: [("Auto-Submitted", "auto-replied")]))
        #expect(reply.status == 200 && reply.json["outcome"].string == "automatic")
        #expect(try requests().isEmpty)
    }

    @Test(arguments: [nil, "", "a secret for mai", "A secret for mail"])
    func takesOnlyWhatTheMailServerPosts(_ secret: String?) throws {
        let reply = try post(mail("hello"), secret: secret)
        #expect(reply.status == 403 || reply.status == 401)
        #expect(try requests().isEmpty)
    }

    @Test func refusesWhatNamesNoSender() throws {
        let reply = try post(Array("Subject: hello\r\n\r\nhello".utf8))
        expectProblem(reply, 400, "invalid_body")
        #expect(try office.admin.metric(#"vendlock_messages_total{provider="email",outcome="unreadable"}"#) == 1)
    }

    /// Ticket numbers can be guessed, so a stranger's e-mail moves nothing but what waits for one, and there only to the questions.
    @Test func aStrangersEmailDecidesNothing() throws {
        let waiting = try office.ticket(office.open("complaint", #""text":"t""#))
        #expect(try post(mail("Re: \(waiting)", from: "thief@elsewhere.example", results: [])).json["outcome"].string == "continued")
        let request = try office.show(waiting)
        #expect(request["step"].string == "investigation" && request["has_news"].bool == true)
        #expect(try office.account["locked"].bool == false)
    }

    /// Level 1 asks whoever wrote; so a stranger's letter does not stand in the owner's place unread.
    @Test func aStrangersEmailOnARequestThatWaitsIsNews() throws {
        let ticket = try office.ticket(office.open("multiple_channel_access", #""channel":"KazAndroid""#, source: "phone"))
        let stranger = mail(ticket, from: "thief@evil.example", results: [MailMaker.passed(by: Self.server, domain: "evil.example")])
        #expect(try post(stranger).json["outcome"].string == "continued")
        let waiting = try office.show(ticket)
        #expect(waiting["step"].string == "awaiting_email" && waiting["has_news"].bool == true && !waiting.has("email"))
        #expect(try post(mail(ticket)).status == 200)
        #expect(try office.show(ticket)["email"].string == RequestOffice.email)
    }

    @Test func theOwnersEmailTakesAnothersPlaceUntilTheQuestions() throws {
        let ticket = try office.ticket(office.open("multiple_channel_access", #""channel":"KazAndroid","email":"someone@else.example""#))
        #expect(try post(mail(ticket)).json["outcome"].string == "continued")
        let request = try office.show(ticket)
        #expect(request["email"].string == RequestOffice.email && request["email_confirmed"].bool == true)
    }

    /// What was confirmed of one address says nothing about another.
    @Test func sortingUnderAnotherAddressIsNotConfirmed() throws {
        let reply = try post(mail("channel", from: "x@evil.example", results: [MailMaker.passed(by: Self.server, domain: "evil.example")]))
        let ticket = try #require(reply.json["ticket"].string)
        let body =
            #"{"kind":"multiple_channel_access","account":"\#(office.reference)","channel":"KazAndroid","email":"\#(RequestOffice.email)"}"#
        #expect(try office.must("sorting", ticket, body)["email_confirmed"].bool == false)
        expectProblem(try office.step("answers", ticket, office.rightAnswers()), 400, "answer_required")
    }

    @Test func anEmptySubjectCanStillBeSorted() throws {
        let ticket = try #require(try post(mail("", text: "R 50 did not arrive")).json["ticket"].string)
        let sorted = try office.must("sorting", ticket, #"{"kind":"complaint"}"#)
        #expect(sorted["text"].string == "R 50 did not arrive")
    }

    @Test func aClosedTicketOpensANewRequest() throws {
        let ticket = try office.ticket(office.open("complaint", #""text":"t""#))
        try office.must("withdrawal", ticket)
        let reply = try post(mail("Re: \(ticket)"))
        #expect(reply.json["outcome"].string == "opened" && reply.json["ticket"].string != ticket)
        let text = try #require(try office.show(reply.json["ticket"].string ?? "")["entries"].array.first?["text"].string)
        #expect(text.contains(ticket))
    }

    @Test func isRefusedWhereItIsNotConfigured() throws {
        expectProblem(try Shared.api.with(token: "x").call("POST", "/hooks/email", bytes: mail("hello")), 503, "provider_not_configured")
    }
}
