import Messaging
import Testing
import Wire

struct WhatsAppUpdatesTests {
    private static let metadata = #""metadata":{"display_phone_number":"+27 11 000 0000","phone_number_id":"200000000000002"}"#

    /// A webhook with these messages, as JSON, in one change.
    private func read(_ messages: String, contacts: String = "") throws -> [InboundMessage] {
        let value = #"{"messaging_product":"whatsapp",\#(Self.metadata),"contacts":[\#(contacts)],"messages":[\#(messages)]}"#
        let body = #"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":\#(value)}]}]}"#
        return try WhatsAppUpdates.read(Array(body.utf8)).messages
    }

    private func readOne(_ fields: String, contacts: String = "") throws -> InboundMessage {
        let messages = try read(#"{"id":"wamid.A","from":"27711234567","timestamp":"1784376000",\#(fields)}"#, contacts: contacts)
        #expect(messages.count == 1)
        return try #require(messages.first)
    }

    private func address(_ to: String, answers: String = "wamid.A") -> ReplyAddress {
        ReplyAddress(provider: .whatsapp, to: to, from: "200000000000002", answers: answers)
    }

    @Test func readsAText() throws {
        let message = try readOne(
            #""type":"text","text":{"body":"Stop 12345678"}"#, contacts: #"{"profile":{"name":"Vendor"},"wa_id":"27711234567"}"#)
        #expect(
            message
                == InboundMessage(
                    provider: .whatsapp, id: "wamid.A", sender: .init(phone: "27711234567"),
                    sentAt: Timestamp(unixMilliseconds: 1_784_376_000_000), content: .text("Stop 12345678"), replyTo: address("27711234567")))
    }

    /// The payload of a sender whose number is withheld.
    @Test func readsASenderWithoutNumber() throws {
        let body =
            #"{"object":"whatsapp_business_account","entry":[{"id":"100000000000001","changes":[{"field":"messages","value":{"#
            + #""messaging_product":"whatsapp",\#(Self.metadata),"contacts":[{"profile":{"name":"Vendor Two","username":"vendortwo"},"#
            + #""user_id":"ZM.90000000000000000001"}],"messages":[{"from_user_id":"ZM.90000000000000000001","id":"wamid.VEVTVC0wMDAy","#
            + #""timestamp":"1784376060","type":"text","text":{"body":"STOP 87654321"}}]}}]}]}"#
        let message = try #require(try WhatsAppUpdates.read(Array(body.utf8)).messages.first)
        #expect(message.sender == .init(userID: "ZM.90000000000000000001"))
        #expect(message.content == .text("STOP 87654321"))
        #expect(message.replyTo == address("ZM.90000000000000000001", answers: "wamid.VEVTVC0wMDAy"))
    }

    @Test(
        arguments: [
            // from, from_user_id, contacts, number, user id
            (#""27711234567""#, "null", "", "27711234567", nil),
            (#""27711234567""#, #""ZM.1""#, "", "27711234567", "ZM.1"),
            (#""27711234567""#, "null", #"{"wa_id":"27711234567","user_id":"ZM.1"}"#, "27711234567", "ZM.1"),
            (#""27711234567""#, #""""#, #"{"wa_id":"27720000000","user_id":"ZM.2"},{"wa_id":"27711234567","user_id":"ZM.1"}"#, "27711234567", "ZM.1"),
            (#""27711234567""#, "null", #"{"user_id":"ZM.1"}"#, "27711234567", "ZM.1"),
            (#""27711234567""#, "null", #"{"wa_id":"","user_id":"ZM.1"}"#, "27711234567", "ZM.1"),
            // Somebody else's.
            (#""27711234567""#, "null", #"{"wa_id":"27720000000","user_id":"ZM.2"}"#, "27711234567", nil),
            (#""27711234567""#, "null", #"{"user_id":"ZM.1"},{"user_id":"ZM.2"}"#, "27711234567", nil),
            (#""27711234567""#, #""ZM.1""#, #"{"wa_id":"27711234567","user_id":"ZM.2"}"#, "27711234567", "ZM.1"),
            // No number, in every way of not having one.
            ("null", #""ZM.1""#, "", nil, "ZM.1"),
            (#""""#, #""ZM.1""#, "", nil, "ZM.1"),
            (#"{"a":1}"#, #""ZM.1""#, "", nil, "ZM.1"),
            (#""ZM.1""#, "null", "", nil, "ZM.1"),
            (#""ZM.1""#, #""ZM.1""#, "", nil, "ZM.1"),
            ("null", "null", #"{"user_id":"ZM.1"}"#, nil, "ZM.1"),
            ("null", #""ZM.1""#, #"{"user_id":"ZM.2","wa_id":"27720000000"},{"user_id":"ZM.1","wa_id":"27711234567"}"#, "27711234567", "ZM.1"),
            ("27711234567", "null", "", "27711234567", nil),
            ("null", "null", "", nil, nil),
            ("null", "null", #"{"user_id":"ZM.1"},{"user_id":"ZM.2"}"#, nil, nil),
        ] as [(String, String, String, String?, String?)])
    func knowsTheSender(_ from: String, _ userID: String, _ contacts: String, _ phone: String?, _ expectedUserID: String?) throws {
        let text = #"{"id":"wamid.A","from":\#(from),"from_user_id":\#(userID),"type":"text","text":{"body":"Stop"}}"#
        let message = try #require(try read(text, contacts: contacts).first)
        #expect(message.sender == .init(phone: phone, userID: expectedUserID))
        #expect(message.replyTo == (phone ?? expectedUserID).map { address($0) })
    }

    @Test(arguments: [
        (#""type":"text","text":{"body":"  STOP\n12345678"}"#, InboundMessage.Content.text("  STOP\n12345678")),
        (#""text":{"body":"Stop"}"#, .text("Stop")),
        (#""type":"text","text":{"body":"caf\u00e9 \ud83d\ude00"}"#, .text("café 😀")),
        (#""type":"text","text":{"body":""}"#, .unreadable(kind: "text")),
        (#""type":"text","text":{"body":null}"#, .unreadable(kind: "text")),
        (#""type":"text","text":{"body":"\ud83d Stop"}"#, .unreadable(kind: "text")),
        (#""type":"text","text":"Stop 12345678""#, .unreadable(kind: "text")),
        (#""type":"text","text":null"#, .unreadable(kind: "text")),
        (#""type":"text""#, .unreadable(kind: "text")),
        (#""type":"image","image":{"id":"1","caption":"Stop 12345678"}"#, .unreadable(kind: "image")),
        (#""type":"video","video":{"caption":"Stop 12345678"}"#, .unreadable(kind: "video")),
        (#""type":"document","document":{"caption":"Stop 12345678"}"#, .unreadable(kind: "document")),
        (#""type":"sticker","sticker":{}"#, .unreadable(kind: "sticker")),
        (#""type":"audio","audio":{"voice":true}"#, .unreadable(kind: "audio")),
        (#""type":"voice","voice":{}"#, .unreadable(kind: "voice")),
        (#""type":"location","location":{"latitude":-26.2,"longitude":28.0}"#, .unreadable(kind: "location")),
        (#""type":"contacts","contacts":[{"name":{}}]"#, .unreadable(kind: "contacts")),
        (#""type":"edit","edit":{"original_message_id":"wamid.B","message":{"type":"text","text":{"body":"Stop 1"}}}"#, .edited),
        (#""type":"revoke","revoke":{"original_message_id":"wamid.B"}"#, .ignored(kind: "revoke")),
        (#""type":"reaction","reaction":{"message_id":"wamid.B","emoji":""}"#, .ignored(kind: "reaction")),
        (#""type":"order","order":{}"#, .ignored(kind: "order")),
        (#""type":"button","button":{"text":"Stop 12345678"}"#, .ignored(kind: "button")),
        (#""type":"interactive""#, .ignored(kind: "interactive")),
        (#""type":"request_welcome""#, .ignored(kind: "request_welcome")),
        (#""type":"unsupported","errors":[{"code":131051}]"#, .ignored(kind: "unsupported")),
        (#""type":"unknown""#, .ignored(kind: "unknown")),
        (#""type":"hologram","text":{"body":"Stop 12345678"}"#, .ignored(kind: "hologram")),
        (#""type":7"#, .ignored(kind: "unknown")),
        (#""context":{}"#, .ignored(kind: "unknown")),
        (#""type":"text","text":{"body":"Stop 12345678"},"group_id":"g1""#, .ignored(kind: "group")),
        (#""type":"text","text":{"body":"Stop 12345678"},"group_id":"""#, .text("Stop 12345678")),
        (#""type":"system","system":{"type":"user_changed_number","wa_id":"27729876543"}"#, .identityChanged(to: "27729876543")),
        (#""type":"system","system":{"type":"user_changed_number"}"#, .identityChanged(to: nil)),
        (#""type":"system","system":{"type":"user_changed_user_id","wa_id":"27729876543"}"#, .identityChanged(to: nil)),
        (#""type":"system","system":{"type":"customer_identity_changed"},"identity":{"hash":"x"}"#, .identityChanged(to: nil)),
        (#""type":"system","system":{"type":"else"}"#, .ignored(kind: "system")),
        (#""type":"system","system":7"#, .ignored(kind: "system")),
    ])
    func knowsWhatIsACommandAndWhatIsNot(_ fields: String, _ content: InboundMessage.Content) throws {
        #expect(try readOne(fields).content == content)
    }

    @Test func aChangedNumberIsToldOfTheOldOne() throws {
        let fields = #""type":"system","system":{"type":"user_changed_number","wa_id":"27729876543"}"#
        let message = try readOne(fields, contacts: #"{"wa_id":"27729876543","user_id":"ZA.2"}"#)
        #expect(message.sender == .init(phone: "27711234567"))
        let withheld = try #require(
            try read(#"{"id":"wamid.A","from_user_id":"ZA.2",\#(fields)}"#, contacts: #"{"wa_id":"27729876543","user_id":"ZA.2"}"#).first)
        #expect(withheld.sender == .init(userID: "ZA.2"))
    }

    @Test(
        arguments: [
            (#""1784376000""#, Int64(1_784_376_000_000)), ("1784376000", 1_784_376_000_000), (#""1784376000123""#, 1_784_376_000_123),
            ("1784376000123", 1_784_376_000_123), (#""""#, nil), ("null", nil), (#""soon""#, nil), (#""-5""#, nil), ("0", nil), ("true", nil),
            (#""99999999999999999999""#, nil), (#""9223372036854775807""#, nil), ("1e400", nil),
        ] as [(String, Int64?)])
    func readsTheTime(_ timestamp: String, _ milliseconds: Int64?) throws {
        let text = #"{"id":"wamid.A","from":"27711234567","timestamp":\#(timestamp),"type":"text","text":{"body":"Stop"}}"#
        let message = try #require(try read(text).first)
        #expect(message.sentAt?.unixMilliseconds == milliseconds)
        #expect(message.content == .text("Stop"))
    }

    /// Each stands between two good ones, which it must not cost.
    @Test(
        arguments: [
            ("null", nil), ("7", nil), (#""text""#, nil), ("[]", nil), ("[{\"id\":\"wamid.X\"}]", nil), ("{}", nil), (#"{"id":null}"#, nil),
            (#"{"id":""}"#, nil), (#"{"id":{}}"#, nil),
            (#"{"type":"text","from":"27711234567","text":{"body":"Stop"}}"#, nil),
            (#"{"id":"wamid.X"}"#, "wamid.X"), (#"{"id":"wamid.X","type":null,"text":[1,2]}"#, "wamid.X"),
            (#"{"id":"wamid.X","from":[],"timestamp":{},"type":{"a":1},"text":"a"}"#, "wamid.X"),
            (#"{"id":"wamid.X","type":"system","system":[]}"#, "wamid.X"),
            (#"{"id":"wamid.X","from":"\ud800","from_user_id":1e999,"type":"text","text":{"body":"\udc00"}}"#, "wamid.X"),
        ] as [(String, String?)])
    func anOddMessageCostsNoOther(_ odd: String, _ id: String?) throws {
        let good = { (id: String) in #"{"id":"\#(id)","from":"27711234567","type":"text","text":{"body":"Stop"}}"# }
        let messages = try read("\(good("wamid.1")),\(odd),\(good("wamid.2"))")
        #expect(messages.map(\.id) == ["wamid.1", id, "wamid.2"].compactMap(\.self))
        for message in messages where message.id != id { #expect(message.content == .text("Stop")) }
        if id != nil { #expect(messages[1].content != .text("Stop")) }
    }

    @Test func readsEveryEntryEveryChangeAndOnlyMessages() throws {
        func value(_ ids: [String]) -> String {
            let messages = ids.map { #"{"id":"\#($0)","from":"27711234567","type":"text","text":{"body":"a"}}"# }.joined(separator: ",")
            return #"{\#(Self.metadata),"messages":[\#(messages)],"statuses":[{"id":"s\#(ids[0])","status":"sent"}]}"#
        }
        let body = """
            {"entry":[null,{"changes":[{"field":"messages","value":\(value(["1", "2"]))},{"field":"messages","value":null},
            {"field":"account_update","value":\(value(["8"]))},{"value":\(value(["9"]))},7,{"field":"messages","value":\(value(["3"]))}]},
            {"changes":{}},{},{"changes":[{"field":"messages","value":\(value(["4", "4"]))}]}]}
            """
        let updates = try WhatsAppUpdates.read(Array(body.utf8))
        #expect(updates.messages.map(\.id) == ["1", "2", "3", "4", "4"])
        #expect(updates.statuses.map(\.providerID) == ["s1", "s3", "s4"])
    }

    @Test(arguments: ["{}", #"{"entry":[]}"#, #"{"entry":null}"#, #"{"entry":"x"}"#, #"{"object":"page","entry":[{"changes":[{}]}]}"#])
    func aWebhookMayBringNothing(_ body: String) throws {
        #expect(try WhatsAppUpdates.read(Array(body.utf8)) == WhatsAppUpdates())
    }

    @Test(arguments: ["", "[]", "7", "null", "{", "{\"entry\":[", "\u{1}"])
    func refusesWhatIsNoObject(_ body: String) {
        #expect(throws: JSONRefusal.self) { try WhatsAppUpdates.read(Array(body.utf8)) }
    }

    @Test func readsAFullBatch() throws {
        let filling = String(repeating: "please stop sending me adverts ", count: 90)
        let messages = (0..<1000).map { number in
            #"{"from":"27711234567","id":"wamid.\#(number)","timestamp":"1784376000","type":"text","text":{"body":"\#(filling)\#(number)"}}"#
        }
        let read = try read(messages.joined(separator: ","))
        #expect(read.count == 1000)
        #expect(Set(read.map(\.id)).count == 1000)
        #expect(read.last?.content == .text(filling + "999"))
    }
}
