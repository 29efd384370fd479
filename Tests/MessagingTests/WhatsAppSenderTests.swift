import Messaging
import Testing
import Wire

struct WhatsAppSenderTests {
    private static let now = Timestamp(unixMilliseconds: 784_111_777_000)
    private static let sender = WhatsAppSender(
        WhatsAppConfiguration(appSecret: "s", accessToken: "EAAG-token", phoneNumberID: "200000000000002"))
    private static let address = ReplyAddress(provider: .whatsapp, to: "27711234567", from: "300000000000003", answers: "wamid.A")

    private func body(_ request: ProviderRequest) -> String { String(decoding: request.body ?? [], as: UTF8.self) }

    @Test func sendsAText() {
        let request = Self.sender.request(text: "Locked \"now\".", to: Self.address, tag: "o-1")
        #expect(request.method == "POST")
        #expect(request.url == "https://graph.facebook.com/v25.0/300000000000003/messages")
        #expect(request.headers == [.init("Content-Type", "application/json"), .init("Authorization", "Bearer EAAG-token")])
        #expect(!request.isRepeatable)
        #expect(
            body(request)
                == #"{"biz_opaque_callback_data":"o-1","context":{"message_id":"wamid.A"},"messaging_product":"whatsapp","#
                + #""recipient_type":"individual","text":{"body":"Locked \"now\".","preview_url":false},"to":"27711234567","type":"text"}"#)
    }

    @Test func sendsToAUserIDFromTheConfiguredNumber() {
        let request = Self.sender.request(text: "a", to: ReplyAddress(provider: .whatsapp, to: "ZM.90000000000000000001"), tag: "o-2")
        #expect(request.url == "https://graph.facebook.com/v25.0/200000000000002/messages")
        #expect(
            body(request)
                == #"{"biz_opaque_callback_data":"o-2","messaging_product":"whatsapp","recipient":"ZM.90000000000000000001","#
                + #""recipient_type":"individual","text":{"body":"a","preview_url":false},"type":"text"}"#)
    }

    @Test func sendsATemplate() {
        let request = Self.sender.request(
            template: "locked", language: "en", parameters: ["5678", " two\nlines\t ", ""], to: Self.address, tag: "o-3")
        #expect(
            body(request)
                == #"{"biz_opaque_callback_data":"o-3","messaging_product":"whatsapp","recipient_type":"individual","#
                + #""template":{"components":[{"parameters":[{"text":"5678","type":"text"},{"text":"two lines","type":"text"},"#
                + #"{"text":"-","type":"text"}],"type":"body"}],"language":{"code":"en"},"name":"vendlock_locked"},"to":"27711234567","#
                + #""type":"template"}"#)
        let bare = body(Self.sender.request(template: "t", language: "pt_BR", parameters: [], to: Self.address, tag: "o"))
        #expect(!bare.contains("components"))
        #expect(!bare.contains("context"))
    }

    @Test(arguments: [
        ("https://graph.facebook.com", "25.0", "https://graph.facebook.com/v25.0/2/messages"),
        ("https://graph.facebook.com/", "v26.0", "https://graph.facebook.com/v26.0/2/messages"),
        ("http://127.0.0.1:8080//", "v25.0", "http://127.0.0.1:8080/v25.0/2/messages"),
    ])
    func makesTheAddress(_ url: String, _ version: String, _ expected: String) {
        let sender = WhatsAppSender(
            WhatsAppConfiguration(appSecret: "s", accessToken: "t", phoneNumberID: "2", graphURL: url, graphVersion: version))
        #expect(sender.request(text: "a", to: ReplyAddress(provider: .whatsapp, to: "27711234567"), tag: "o").url == expected)
    }

    @Test func aNumberOfOursCannotLeaveItsPlaceInTheAddress() {
        var address = Self.address
        address.from = "../me?x=#1"
        #expect(Self.sender.request(text: "a", to: address, tag: "o").url == "https://graph.facebook.com/v25.0/..%2Fme%3Fx%3D%231/messages")
        address.from = ".."
        #expect(Self.sender.request(text: "a", to: address, tag: "o").url == "https://graph.facebook.com/v25.0/_/messages")
    }

    @Test(arguments: [(4096, 4096), (4097, 4096), (9000, 4096), (1, 1)])
    func cutsALongText(_ length: Int, _ expected: Int) {
        let text = String(repeating: "a", count: length)
        #expect(body(Self.sender.request(text: text, to: Self.address, tag: "o")).contains(#""body":"\#(text.prefix(expected))","#))
    }

    /// A character is never cut in two.
    @Test func cutsBetweenCharacters() {
        let text = String(repeating: "a", count: 4095) + "👍🏽b"
        #expect(body(Self.sender.request(text: text, to: Self.address, tag: "o")).contains(#""body":"\#(text.prefix(4095))","#))
    }

    private func outcome(
        _ status: Int, _ body: String, attempt: Int = 1, retryAfter: String? = nil, sender: WhatsAppSender = sender
    ) -> SendOutcome {
        sender.outcome(of: ProviderAnswer(status: status, retryAfter: retryAfter, body: Array(body.utf8)), attempt: attempt, now: Self.now)
    }

    @Test(
        arguments: [
            (#"{"messaging_product":"whatsapp","contacts":[{"wa_id":"27711234567"}],"messages":[{"id":"wamid.S"}]}"#, "wamid.S"),
            (#"{"messages":[{"id":"wamid.S","message_status":"paused"}]}"#, "wamid.S"),
        ])
    func takenIsTaken(_ body: String, _ id: String) {
        #expect(outcome(200, body) == .accepted(id: id))
    }

    /// A page of a gateway, say: nobody knows whether WhatsApp has the message.
    @Test(arguments: [#"{"messages":[]}"#, #"{"messages":[{"id":""}]}"#, "", "<html>", "[]", #"{"success":true}"#])
    func takesNoSuccessWithoutAnIdentifierForTaken(_ body: String) {
        #expect(outcome(200, body).gist == "refused unreadable_answer alarm")
    }

    @Test func showsNoTokenOfAnAnswerThatItCannotRead() {
        guard case .refused(_, let detail, _) = outcome(200, "of EAAG-token") else {
            Issue.record("it is refused")
            return
        }
        #expect(detail.hasSuffix(": of …"))
    }

    /// What each code of the table means.
    private enum Meaning: Sendable { case later, pairLimit, nextDay, access, outsideWindow, unreachable, refused, blocked }
    private static let codes: [(Meaning, [Int])] = [
        (.later, [4, 80007, 130429, 131000, 131016, 131052, 131053, 131057, 135000]),
        (.pairLimit, [131056]),
        (.nextDay, [131049]),
        (.access, [0, 190, 3, 10, 200, 230, 299, 131005]),
        (.outsideWindow, [131047]),
        (.unreachable, [131026, 131062]),
        (.refused, [131021, 131050, 137000]),
        (
            .blocked,
            [
                100, 131008, 131009, 131051, 368, 130497, 131030, 131031, 131037, 131042, 131044, 131045, 131048, 131064, 132000, 132001, 132005,
                132007, 132008, 132012, 132015, 132016, 133016,
            ]
        ),
    ]

    @Test(arguments: codes.flatMap { meaning, codes in codes.map { (meaning, $0) } })
    private func readsEachCode(_ meaning: Meaning, _ code: Int) {
        let body = #"{"error":{"message":"m","type":"OAuthException","code":\#(code),"error_data":{"details":"d"},"fbtrace_id":"x"}}"#
        let name = String(code)
        let expected: SendOutcome =
            switch meaning {
            case .later: .retry(code: name, detail: "d", after: .seconds(7), alarm: false)
            case .pairLimit: .retry(code: name, detail: "d", after: .seconds(16), alarm: false)
            case .nextDay: .retry(code: name, detail: "d", after: .seconds(86_400), alarm: false)
            case .access: .retry(code: name, detail: "d", after: .seconds(300), alarm: true)
            case .outsideWindow: .outsideWindow
            case .unreachable: .unreachable(code: name, detail: "d")
            case .refused: .refused(code: name, detail: "d", alarm: false)
            case .blocked: .refused(code: name, detail: "d", alarm: true)
            }
        // The code counts, whatever the status says.
        for status in [400, 403, 500] { #expect(outcome(status, body, attempt: 2, retryAfter: "7") == expected) }
    }

    @Test(arguments: [(0, 4), (1, 4), (2, 16), (3, 64), (5, 1024), (6, 3600), (7, 3600), (1000, 3600), (-1, 4)])
    func waitsLongerForTheSameRecipient(_ attempt: Int, _ seconds: Int) {
        let expected = SendOutcome.retry(code: "131056", detail: "", after: .seconds(seconds), alarm: false)
        #expect(outcome(400, #"{"error":{"code":131056}}"#, attempt: attempt) == expected)
    }

    @Test(arguments: [
        (#""error_data":{"details":"d"},"message":"m""#, "d"), (#""error_data":"s","message":"m""#, "s"), (#""error_data":7,"message":"m""#, "m"),
        (#""error_data":{"details":""},"message":"one\ntwo""#, "one two"), (#""message":null"#, ""),
    ])
    func readsTheDetailsHoweverTheyCome(_ fields: String, _ detail: String) {
        #expect(outcome(400, #"{"error":{"code":131026,\#(fields)}}"#) == .unreachable(code: "131026", detail: detail))
        #expect(outcome(400, #"{"error":{"code":"131026",\#(fields)}}"#) == .unreachable(code: "131026", detail: detail))
    }

    @Test(
        arguments: [
            (
                429, "", "120",
                SendOutcome.retry(code: "http_429", detail: "WhatsApp answered with HTTP status 429", after: .seconds(120), alarm: false)
            ),
            (
                503, "<html>", "Sun, 06 Nov 1994 08:50:37 GMT",
                .retry(code: "http_503", detail: "WhatsApp answered with HTTP status 503", after: .seconds(60), alarm: false)
            ),
            (500, "{}", nil, .retry(code: "http_500", detail: "WhatsApp answered with HTTP status 500", after: nil, alarm: false)),
            (408, "", nil, .retry(code: "http_408", detail: "WhatsApp answered with HTTP status 408", after: nil, alarm: false)),
            (401, "", nil, .retry(code: "http_401", detail: "WhatsApp answered with HTTP status 401", after: .seconds(300), alarm: true)),
            (403, "", nil, .retry(code: "http_403", detail: "WhatsApp answered with HTTP status 403", after: .seconds(300), alarm: true)),
            (404, "", nil, .refused(code: "http_404", detail: "WhatsApp answered with HTTP status 404", alarm: true)),
            (302, "", nil, .refused(code: "http_302", detail: "WhatsApp answered with HTTP status 302", alarm: true)),
            (500, #"{"error":{"code":2,"message":"busy"}}"#, nil, .retry(code: "2", detail: "busy", after: nil, alarm: false)),
            (
                400, #"{"error":{"code":2,"message":"busy","is_transient":true}}"#, "9",
                .retry(code: "2", detail: "busy", after: .seconds(9), alarm: false)
            ),
            (400, #"{"error":{"code":424242,"message":"new"}}"#, nil, .refused(code: "424242", detail: "new", alarm: true)),
        ] as [(Int, String, String?, SendOutcome)])
    func readsTheStatusWhereNoCodeSaysMore(_ status: Int, _ body: String, _ retryAfter: String?, _ expected: SendOutcome) {
        #expect(outcome(status, body, retryAfter: retryAfter) == expected)
    }

    @Test func keepsTheTokenOutOfWhatStaffRead() {
        let expected = SendOutcome.retry(code: "190", detail: "Malformed access token …!", after: .seconds(300), alarm: true)
        #expect(outcome(401, #"{"error":{"code":190,"message":"Malformed access token EAAG-token!"}}"#) == expected)
    }

    /// Then WhatsApp says that there is none, and people are told.
    @Test func withoutATokenNoneIsSent() {
        let sender = WhatsAppSender(WhatsAppConfiguration(appSecret: "s"))
        #expect(sender.request(text: "a", to: Self.address, tag: "o").headers == [.init("Content-Type", "application/json")])
    }
}
