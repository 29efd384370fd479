import Signing
import TestSupport
import Testing

/// The stand-ins refuse what the providers refuse: otherwise the tests built on them would prove nothing.
struct StandInTests {
    private static let path = "/v26.0/200000000000002/messages"
    private static let auth = "Authorization: Bearer graph-token"
    private static let text =
        #"{"messaging_product":"whatsapp","recipient_type":"individual","to":"27711234567","type":"text","text":{"body":"Locked."}}"#

    private func post(_ standIn: some StandIn, _ path: String, _ body: String, _ headers: String..., type: String = "application/json") throws
        -> Reply
    {
        try Webhook(body: Array(body.utf8), contentType: type, headers: headers).post(to: standIn.port, path)
    }

    // MARK: WhatsApp

    @Test func takesATextAndRemembersIt() throws {
        let graph = try GraphStandIn()
        let body =
            #"{"messaging_product":"whatsapp","to":"+27711234567","type":"text","text":{"preview_url":false,"body":"Locked."},"context":{"message_id":"wamid.A"},"biz_opaque_callback_data":"reply-1"}"#
        let reply = try post(graph, Self.path, body, Self.auth)
        #expect(reply.status == 200)
        #expect(reply.json["contacts"][0]["wa_id"].string == "27711234567")
        try graph.waitFor(count: 1)
        let sent = try #require(graph.sent(to: "27711234567").first)
        #expect(sent.body == "Locked." && sent.context == "wamid.A" && sent.tag == "reply-1")
        #expect(reply.json["messages"][0]["id"].string == sent.wamid)
        #expect(graph.violations == [] && graph.repeatedTags == [])
        _ = try post(graph, Self.path, body, Self.auth)
        #expect(graph.repeatedTags == ["reply-1"] && graph.sent.map(\.number) == [1, 2] && Set(graph.sent.map(\.wamid)).count == 2)
    }

    @Test func takesATemplateForAUserWithoutANumber() throws {
        let graph = try GraphStandIn(templates: ["device_locked": 1])
        let body =
            #"{"messaging_product":"whatsapp","recipient":"ZM.90000000000000000001","type":"template","template":{"name":"device_locked","language":{"code":"en"},"components":[{"type":"body","parameters":[{"type":"text","text":"5678"}]}]}}"#
        let reply = try post(graph, Self.path, body, Self.auth)
        #expect(reply.json["contacts"][0]["user_id"].string == "ZM.90000000000000000001")
        #expect(graph.sent.first?.template == "device_locked" && graph.sent.first?.parameters == ["5678"])
        let other = body.replacing("device_locked", with: "no_such")
        #expect(try post(graph, Self.path, other, Self.auth).json["error"]["code"].integer == 132001)
        let bare = body.replacing(#"{"type":"text","text":"5678"}"#, with: "")
        #expect(try post(graph, Self.path, bare, Self.auth).json["error"]["code"].integer == 132000)
        #expect(graph.violations.count == 2)
    }

    @Test(arguments: [
        (#""messaging_product":"whatsapp","#, "", 100), (#""to":"27711234567","#, "", 131008), (#""to":"27711234567""#, #""to":27711234567"#, 131009),
        ("27711234567", "0711234567", 131009), ("27711234567", "call me", 131009), (#""to":"27711234567""#, #""recipient":"27711234567""#, 131009),
        (#""body":"Locked.""#, #""body":"""#, 131009), (#"{"body":"Locked."}"#, #""Locked.""#, 131008),
        (#""type":"text""#, #""type":"poem""#, 131051),
        (#""type":"text","#, "", 131008), (#""body":"#, #""boddy":"#, 100), (#""to":"#, #""extra":1,"to":"#, 100),
        ("individual", "group", 131009), ("Locked.", String(repeating: "x", count: 4097), 100), ("{", "", 100),
    ])
    func refusesAMessageWithAFault(_ part: String, _ replacement: String, _ code: Int64) throws {
        let graph = try GraphStandIn()
        let body = Self.text.replacing(part, with: replacement)
        try #require(body != Self.text)
        let reply = try post(graph, Self.path, body, Self.auth)
        #expect(reply.json["error"]["code"].integer == code, "\(reply.text)")
        #expect(reply.status >= 400 && reply.json["error"]["fbtrace_id"].string != nil)
        #expect(graph.violations.count == 1 && graph.sent.isEmpty && graph.accepted == 0)
    }

    @Test func refusesAWrongTokenPathMethodAndMediaType() throws {
        let graph = try GraphStandIn(version: "v26.0")
        #expect(try post(graph, Self.path, Self.text).json["error"]["code"].integer == 190)
        let wrong = try post(graph, Self.path, Self.text, "Authorization: Bearer other")
        #expect(wrong.status == 401 && wrong.json["error"]["code"].integer == 190)
        #expect(try post(graph, "/v26.0/1/messages", Self.text, Self.auth).json["error"]["code"].integer == 100)
        #expect(try post(graph, "/v1.0/200000000000002/messages", Self.text, Self.auth).json["error"]["code"].integer == 2500)
        #expect(try post(graph, "/messages", Self.text, Self.auth).status == 404)
        #expect(try API(port: graph.port, token: "graph-token").get(Self.path).status == 404)
        #expect(try post(graph, Self.path, Self.text, Self.auth, type: "text/plain").json["error"]["code"].integer == 100)
        #expect(graph.violations.count == 7 && graph.sent.isEmpty)
    }

    @Test func closesTheWindowOfOneRecipientForTextOnly() throws {
        let graph = try GraphStandIn()
        graph.closeWindow(of: "+27711234567")
        #expect(try post(graph, Self.path, Self.text, Self.auth).json["error"]["code"].integer == 131047)
        #expect(try post(graph, Self.path, Self.text.replacing("27711234567", with: "27711234568"), Self.auth).status == 200)
        let template =
            #"{"messaging_product":"whatsapp","to":"27711234567","type":"template","template":{"name":"device_locked","language":{"code":"en"}}}"#
        #expect(try post(graph, Self.path, template, Self.auth).status == 200)
        graph.openWindow(of: "27711234567")
        #expect(try post(graph, Self.path, Self.text, Self.auth).status == 200)
        graph.refuse("27711234567", with: 131026)
        #expect(try post(graph, Self.path, Self.text, Self.auth).json["error"]["code"].integer == 131026)
        // The client could not know.
        #expect(graph.violations == [])
    }

    @Test func limitsWhatOneRecipientGets() throws {
        let graph = try GraphStandIn(pairLimit: .init(burst: 2, interval: .seconds(3600)))
        let codes = try (0..<4).map { _ in try post(graph, Self.path, Self.text, Self.auth).json["error"]["code"].integer }
        #expect(codes == [nil, nil, 131056, 131056])
        #expect(try post(graph, Self.path, Self.text.replacing("27711234567", with: "27711234568"), Self.auth).status == 200)
        #expect(graph.violations == [])
    }

    @Test func marksAsRead() throws {
        let graph = try GraphStandIn()
        let body = #"{"messaging_product":"whatsapp","status":"read","message_id":"wamid.A","typing_indicator":{"type":"text"}}"#
        #expect(try post(graph, Self.path, body, Self.auth).json["success"].bool == true)
        #expect(graph.read == ["wamid.A"] && graph.sent.isEmpty)
    }

    // MARK: Faults

    @Test func failsAsOftenAsItIsToldTo() throws {
        let graph = try GraphStandIn()
        graph.fail(next: 2, with: .status(429, body: #"{"error":{"code":130429}}"#, headers: [("Retry-After", "7")]))
        graph.fail(next: 1, with: .slow(.milliseconds(1)))
        for _ in 0..<2 {
            let reply = try post(graph, Self.path, Self.text, Self.auth)
            #expect(reply.status == 429 && reply.header("Retry-After") == "7" && reply.json["error"]["code"].integer == 130429)
        }
        #expect(graph.sent.isEmpty)
        #expect(try post(graph, Self.path, Self.text, Self.auth).status == 200)
        #expect(try post(graph, Self.path, Self.text, Self.auth).status == 200)
        #expect(graph.received == 4 && graph.accepted == 2)
        graph.fail(next: 5, with: .status(503))
        graph.recover()
        #expect(try post(graph, Self.path, Self.text, Self.auth).status == 200)
    }

    @Test func hangsWithAndWithoutTakingTheMessage() throws {
        let graph = try GraphStandIn()
        let hook = Webhook(body: Array(Self.text.utf8), headers: [Self.auth])
        graph.fail(next: 1, with: .hang)
        let first = try hook.send(to: graph.port, Self.path)
        try graph.waitForReceived(count: 1)
        graph.fail(next: 1, with: .acceptThenHang)
        let second = try hook.send(to: graph.port, Self.path)
        try graph.waitFor(count: 1)
        #expect(graph.received == 2 && graph.sent.count == 1)
        #expect(!first.hasNews() && !second.hasNews())
        // Others are served meanwhile.
        #expect(try hook.post(to: graph.port, Self.path).status == 200)
        graph.stop()
        #expect(try first.reply().status == 503)
    }

    @Test func isStillStrictWhileItFails() throws {
        let graph = try GraphStandIn()
        graph.fail(next: 1, with: .status(500))
        #expect(try post(graph, Self.path, "{}", Self.auth).status == 500)
        #expect(graph.violations.count == 1)
    }

    // MARK: Freshchat

    @Test func recordsTheOrderOfFreshchatsSteps() throws {
        let freshchat = try FreshchatStandIn(groups: (1...3).map { ("Group \($0)", "g\($0)") })
        let auth = "Authorization: Bearer freshchat-token"
        let api = API(port: freshchat.port, token: "freshchat-token")
        freshchat.addUser("u1", phone: "+27711234567")
        #expect(try api.get("/v2/users/u1").json["phone"].string == "+27711234567")
        #expect(try api.get("/v2/users/u2").json["status"].string == "USER_NOT_FOUND")
        let page = try api.get("/v2/groups?page=2&items_per_page=2").json
        #expect(page["groups"].array.compactMap { $0["id"].string } == ["g3"] && page["pagination"]["total_pages"].integer == 2)
        let message = #"{"message_parts":[{"text":{"content":"Locked."}}],"message_type":"normal","actor_type":"bot"}"#
        #expect(try post(freshchat, "/v2/conversations/c1/messages", message, auth).status == 200)
        #expect(try api.put("/v2/conversations/c1", #"{"assigned_group_id":"g3","status":"new"}"#).status == 200)
        #expect(try api.put("/v2/conversations/c1", #"{"status":"resolved"}"#).json["status"].string == "resolved")
        #expect(
            freshchat.steps(of: "c1") == [
                .replied(conversation: "c1", text: "Locked."), .changed(conversation: "c1", group: "g3", status: "new"),
                .changed(conversation: "c1", group: nil, status: "resolved"),
            ])
        let conversation = try #require(freshchat.conversation("c1"))
        #expect(conversation.status == "resolved" && conversation.group == "g3" && conversation.replies == ["Locked."])
        #expect(freshchat.violations == [] && freshchat.steps.count == 5)
    }

    @Test(arguments: [
        ("PUT", "", #"{"status":"done"}"#), ("PUT", "", #"{"status":"assigned"}"#), ("PUT", "", #"{"assigned_group_id":"no"}"#), ("PUT", "", "{}"),
        ("PUT", "", #"{"group":"x"}"#), ("PUT", "", #"{"status":1}"#), ("PUT", "", "status=resolved"),
        ("POST", "/messages", #"{"message_parts":[],"message_type":"normal","actor_type":"bot"}"#),
        ("POST", "/messages", #"{"message_parts":[{"text":{"content":"x"}}],"actor_type":"bot"}"#),
        ("POST", "/messages", #"{"message_parts":[{"text":{"content":"x"}}],"message_type":"normal","actor_type":"agent"}"#),
        ("POST", "/messages", #"{"message_parts":[{"text":"x"}],"message_type":"normal","actor_type":"bot"}"#),
    ])
    func refusesWhatFreshchatRefuses(_ method: String, _ end: String, _ body: String) throws {
        let freshchat = try FreshchatStandIn()
        let reply = try API(port: freshchat.port, token: "freshchat-token").call(method, "/v2/conversations/c1" + end, body)
        #expect(reply.status == 400 && reply.json["status"].string != nil)
        #expect(try API(port: freshchat.port, token: "other").call(method, "/v2/conversations/c1" + end, body).status == 401)
        #expect(freshchat.violations.count == 2 && freshchat.steps.isEmpty)
    }

    // MARK: SMS and alerts

    @Test func takesAnSMSAsEachProviderDoes() throws {
        let twilio = try TwilioStandIn()
        let form = "application/x-www-form-urlencoded"
        let path = "/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json"
        let basic = "Authorization: Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMToxMjM0NQ=="
        let sms = "To=%2B27711234567&From=%2B27110000000&Body=Locked%20%E2%82%AC+now"
        let reply = try post(twilio, path, sms, basic, type: form)
        #expect(reply.status == 201 && reply.json["sid"].string == twilio.sent.first?.id && twilio.sent.first?.body == "Locked € now")
        twilio.refuse("+27711234567")
        let refused = try post(twilio, path, sms, basic, type: form)
        #expect(refused.status == 400 && refused.json["code"].integer == 21610 && twilio.violations == [])
        for bad in [
            "From=%2B27110000000&Body=x", "To=0711234567&From=%2B27110000000&Body=x", "To=%2B27711234567&Body=x",
            "To=%2B27711234567&From=%2B27110000000",
        ] {
            #expect(try post(twilio, path, bad, basic, type: form).status == 400)
        }
        #expect(try post(twilio, path, sms, type: form).json["code"].integer == 20003)
        #expect(twilio.violations.count == 5 && twilio.sent.count == 1)

        let at = try AfricasTalkingStandIn()
        let atSMS = "username=vendlock&to=%2B27711234567&message=Locked&bulkSMSMode=1"
        let taken = try post(at, "/version1/messaging", atSMS, "apiKey: at-key", "Accept: application/json", type: form)
        let recipient = taken.json["SMSMessageData"]["Recipients"][0]
        #expect(taken.status == 201 && recipient["statusCode"].integer == 101 && recipient["messageId"].string == at.sent.first?.id)
        at.refuse("+27711234567")
        let blocked = try post(at, "/version1/messaging", atSMS, "apiKey: at-key", "Accept: application/json", type: form)
        #expect(blocked.json["SMSMessageData"]["Recipients"][0]["status"].string == "UserInBlacklist" && at.violations == [])
        #expect(try post(at, "/version1/messaging", atSMS, "Accept: application/json", type: form).status == 401)
        #expect(try post(at, "/version1/messaging", atSMS, "apiKey: at-key", type: form).status == 406)
        #expect(try post(at, "/version1/messaging", "username=vendlock&to=1", "apiKey: at-key", "Accept: application/json", type: form).status == 400)
        #expect(at.violations.count == 3 && at.sent.count == 1)

        let clickatell = try ClickatellStandIn()
        let json = #"{"to":["27711234567"],"content":"Locked"}"#
        let accepted = try post(clickatell, "/messages", json, "Authorization: clickatell-key==")
        #expect(accepted.status == 202 && accepted.json["messages"][0]["apiMessageId"].string == clickatell.sent.first?.id)
        #expect(try post(clickatell, "/messages", json, "Authorization: Bearer clickatell-key==").status == 401)
        #expect(try post(clickatell, "/messages", json.replacing("27711", with: "+27711"), "Authorization: clickatell-key==").status == 400)
        #expect(clickatell.violations.count == 2 && clickatell.sent.count == 1)
    }

    @Test(arguments: [
        (String(repeating: "a", count: 160), 1), (String(repeating: "a", count: 161), 2), (String(repeating: "€", count: 80), 1),
        (String(repeating: "€", count: 81), 2), (String(repeating: "ж", count: 70), 1), (String(repeating: "ж", count: 71), 2),
        (String(repeating: "😀", count: 35), 1), (String(repeating: "😀", count: 36), 2),
    ])
    func countsTheSMSThatATextTakes(_ text: String, _ segments: Int) throws {
        let clickatell = try ClickatellStandIn()
        let body: JSONValue = ["to": ["27711234567"], "content": .string(text)]
        _ = try post(clickatell, "/messages", body.text, "Authorization: clickatell-key==")
        #expect(clickatell.sent.first?.segments == segments && clickatell.sent.first?.body == text)
    }

    @Test func takesAlertsInSlacksForm() throws {
        let slack = try SlackStandIn()
        let path = String(slack.webhookURL.dropFirst(slack.url.count))
        let reply = try post(slack, path, #"{"text":"A terminal does not confirm."}"#)
        #expect(reply.status == 200 && reply.text == "ok")
        #expect(try slack.waitForText(containing: "confirm") == "A terminal does not confirm.")
        #expect(slack.violations == [])
        #expect(try post(slack, path, #"{"text":""}"#).text == "no_text")
        #expect(try post(slack, path, #"{"message":"x"}"#).text == "invalid_payload")
        #expect(try post(slack, "/services/T/B/other", #"{"text":"x"}"#).text == "no_service")
        #expect(slack.violations.count == 3 && slack.texts.count == 1)
    }
}
