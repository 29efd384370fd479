import Messaging
import Testing
import Wire

struct ClickatellTests {
    private func read(_ body: String) throws -> [InboundMessage] { try ClickatellWebhook.read(Array(body.utf8)).messages }

    private func callback(text: String, charset: String = "UTF-8") -> String {
        """
        {"integrationId":"i","messageId":"m1","replyMessageId":null,"apiKey":"k","fromNumber":"27711234567","toNumber":"27110000000",
        "timestamp":1784376000000,"text":"\(text)","charset":"\(charset)","udh":null,"network":"65501","keyword":"STOP"}
        """
    }

    @Test func readsAReply() throws {
        #expect(
            try read(callback(text: "STOP 12345678")) == [
                InboundMessage(
                    provider: .clickatell, id: "m1", sender: .init(phone: "27711234567"), sentAt: SMSSamples.now, content: .text("STOP 12345678"),
                    replyTo: ReplyAddress(provider: .clickatell, to: "27711234567"))
            ])
    }

    @Test(arguments: [
        ("a+b 50% %41", "UTF-8", "a+b 50% %41"), ("tenía 🔒", "UTF-8", "tenía 🔒"), ("STOP+12345678", "ISO-8859-1", "STOP 12345678"),
        ("STOP%2012345678%21", "ISO-8859-1", "STOP 12345678!"), ("ten%EDa", "ISO-8859-1", "tenía"), ("ten%eda%FF", "iso-8859-1", "tenía\u{FF}"),
        ("%00S%00T%00O%00P%00+%001%002", "UTF-16BE", "STOP 12"), ("%00t%00e%00n%00%ED%00a", "UTF-16BE", "tenía"),
        ("%09%38%09%4D", "UTF-16BE", "स्"), ("%D8%3D%DD%12", "utf-16be", "🔒"), ("%00a%D8%3D%00b", "UTF-16BE", "a\u{FFFD}b"),
        ("%00a%00", "UTF-16BE", "a\u{FFFD}"), ("%00%2B%00%25", "UTF-16BE", "+%"), ("STOP 12345678", "UTF-16BE", "STOP 12345678"),
        ("tenía 5%25", "ISO-8859-1", "tenía 5%25"), ("a%41", "KOI8-R", "a%41"), ("", "UTF-16BE", ""),
    ])
    func readsEachCharset(_ text: String, _ charset: String, _ expected: String) throws {
        #expect(try read(callback(text: text, charset: charset)).map(\.content) == [.text(expected)])
    }

    @Test func readsAllMessagesOfAnEvent() throws {
        let messages = try read(
            """
            {"integrationId":"i","integrationName":"n","event":{"moText":[
            {"channel":"sms","messageId":"a","relatedMessageId":null,"from":"27711234567","to":"27110000000","timestamp":1784376000000,
             "content":"STOP 12345678","charset":"UTF-8","sms":{"network":"65501"}},
            {"channel":"sms","messageId":"b","from":27711234568,"timestamp":"1784376000000","content":"LOCK 12345678"}],
            "moMedia":[{"channel":"whatsapp","messageId":"c","from":"27711234567","contentType":"image/jpeg","content":"AAAA","caption":"STOP 12345678"}]}}
            """)
        #expect(messages.map(\.id) == ["a", "b", "c"])
        #expect(messages.map(\.sender.phone) == ["27711234567", "27711234568", "27711234567"])
        #expect(messages.map(\.content) == [.text("STOP 12345678"), .text("LOCK 12345678"), .unreadable(kind: "media")])
        #expect(messages.map(\.sentAt) == [SMSSamples.now, SMSSamples.now, nil])
    }

    /// One of a list that cannot be read costs none of the others, and is told of.
    @Test(arguments: [
        (#"{"messageId":{},"from":"27711234568","content":"x"}"#, 1), (#"{"from":"27711234568","content":"no identifier"}"#, 1),
        (#"{"messageId":"b","from":["27711234568"],"content":"x"}"#, 1), ("null", 1), ("7", 1), (#""text""#, 1), ("[]", 1), ("{}", 1),
        (#"{"messageId":"b","from":"27711234568","timestamp":{},"content":{"a":1},"charset":5}"#, 0),
    ])
    func anOddMessageCostsNoOther(_ entry: String, _ odd: Int) throws {
        let good = #"{"messageId":"a","from":"27711234567","content":"STOP 12345678"}"#
        let webhook = try ClickatellWebhook.read(Array(#"{"event":{"moText":[\#(entry),\#(good)],"moMedia":{}}}"#.utf8))
        let stop = try #require(webhook.messages.last)
        #expect(stop.id == "a" && stop.content == .text("STOP 12345678") && stop.sender.phone == "27711234567")
        #expect(webhook.messages.count == 2 - odd)
        #expect(webhook.odd.count == 1 + odd && webhook.odd.last == "'event.moMedia' is no list")
        if odd == 1 { #expect(webhook.odd.first?.hasPrefix("event.moText[0] needs ") == true) }
    }

    @Test func aNameIsNoSenderAndGetsNoReply() throws {
        let message = try #require(try read(#"{"messageId":"m1","fromNumber":"MTN","text":"STOP 12345678"}"#).first)
        #expect(message.sender == .init())
        #expect(message.replyTo == nil)
    }

    @Test(arguments: [
        #"{"messageId":"m1","statusCode":4}"#, #"{"messageId":"m1","from":"27110000000","to":"27711234567","status":"DELIVERED_TO_HANDSET"}"#,
        #"{"event":{"messageStatusUpdate":[{"messageId":"m1"}]}}"#, #"{"event":{}}"#,
    ])
    func aReportHoldsNoMessage(_ body: String) throws {
        #expect(try read(body) == [])
    }

    @Test(
        arguments: [
            ("", .malformed), ("STOP", .malformed), ("[]", .wrongShape), ("{}", .wrongShape),
            (#"{"fromNumber":"27711234567","text":"x"}"#, .wrongShape),
            (#"{"messageId":"m1","text":"x"}"#, .wrongShape), (#"{"event":{"moText":{}}}"#, .wrongShape), (#"{"messageId":true}"#, .wrongShape),
            (#"{"event":null}"#, .wrongShape), (#"{"event":7}"#, .wrongShape),
            (#"{"event":{"moText":[{"content":"STOP 12345678"},7]}}"#, .wrongShape),
            (#"{"messageId":"","fromNumber":"27711234567"}"#, .wrongShape),
        ] as [(String, JSONRefusal.Code)])
    func refusesWhatIsNoCallback(_ body: String, _ code: JSONRefusal.Code) {
        let refusal = #expect(throws: JSONRefusal.self) { try read(body) }
        #expect(refusal?.code == code)
    }

    private func sender() throws -> ClickatellSender {
        try #require(ClickatellSender(configuration: ClickatellConfiguration(apiKey: "key==")))
    }

    @Test(arguments: ["27711234567", "+27711234567"])
    func asksAsItsDocumentationSays(_ to: String) throws {
        let request = try sender().request(text: "Locked \"now\"", to: ReplyAddress(provider: .clickatell, to: to), tag: "o-1")
        #expect(request.url == "https://platform.clickatell.com/messages")
        #expect(request.header("Authorization") == "key==")
        #expect(request.header("Content-Type") == "application/json")
        #expect(request.body == Array(#"{"to":["27711234567"],"content":"Locked \"now\"","clientMessageId":"o-1"}"#.utf8))
        let plain = try sender().request(text: "x", to: ReplyAddress(provider: .clickatell, to: to))
        #expect(plain.body == Array(#"{"to":["27711234567"],"content":"x"}"#.utf8))
    }

    @Test func withoutAKeyThereIsNoSender() {
        #expect(ClickatellSender(configuration: ClickatellConfiguration()) == nil)
    }

    @Test(arguments: [
        (202, #"{"messages":[{"apiMessageId":"x1","accepted":true,"to":"27711234567","error":null}],"error":null}"#, "accepted x1"),
        (202, #"{"messages":[{"apiMessageId":null,"accepted":false,"to":"1","error":"Invalid Destination Address."}]}"#, "refused invalid_recipient"),
        (207, #"{"messages":[{"accepted":false,"error":{"code":25,"description":"Invalid recipient address: 1"}}]}"#, "refused 25"),
        (207, #"{"messages":[{"accepted":false,"error":{"code":26,"description":"Recipient opted out"}}]}"#, "refused 26"),
        (202, #"{"messages":[{"accepted":false,"error":"Recipient opted out"}]}"#, "refused opted_out"),
        (402, #"{"messages":[],"error":"Insufficient account balance"}"#, "retry insufficient_balance 300 alarm"),
        (207, #"{"messages":[{"accepted":false,"error":{"code":20}}]}"#, "retry 20 300 alarm"),
        (401, #"{"messages":[],"errorCode":108,"error":"Invalid or missing Integration API Key."}"#, "retry invalid_api_key 300 alarm"),
        (400, #"{"messages":[],"error":{"code":43,"description":"Rate limit"}}"#, "retry 43 -"),
        (503, #"{"messages":[],"error":{"code":19,"description":"Internal error, please retry"}}"#, "retry 19 -"),
        (202, #"{"messages":[{"accepted":false,"error":{"code":44,"description":"FROM number is suspended"}}]}"#, "refused 44 alarm"),
        (202, #"{"messages":[{"accepted":false,"error":"Something else"}]}"#, "refused not_accepted alarm"),
        (400, #"{"error":"Something else"}"#, "refused http_400 alarm"), (202, #"{"messages":[]}"#, "refused unreadable_answer alarm"),
        (200, "<html>", "refused unreadable_answer alarm"), (410, "", "refused http_410"), (429, "", "retry http_429 -"),
        (500, "oops", "retry http_500 -"), (401, "", "retry http_401 300 alarm"), (404, "", "refused http_404 alarm"),
    ])
    func readsTheAnswer(_ status: Int, _ body: String, _ expected: String) throws {
        #expect(try sender().outcome(of: SMSSamples.answer(status, body), attempt: 1, now: SMSSamples.now).gist == expected)
    }
}
