import TestSupport
import Testing

/// Many messages in one webhook.
@Suite struct BatchTests {
    @Test func takesEveryMessageOfEveryEntry() throws {
        let office = try WhatsAppOffice.shared
        let vendors = try (0..<20).map { _ in try office.newVendor() }
        let stops = vendors.map { WhatsAppMessage.text("Stop \($0.reference)", from: .phone($0.phone)) }
        try office.send(stops, perChange: 3)
        for vendor in vendors {
            #expect(try office.holds(on: vendor.reference).count == 1)
            try office.settle(vendor.phone)
            #expect(office.texts(to: vendor.phone).count == 1)
        }
    }

    @Test func keepsTheSendersOfOneBodyApart() throws {
        let office = try WhatsAppOffice()
        try office.account("11111111", number: "+27710000001")
        try office.account("22222222", number: "+27710000002")
        // Each names the other's wallet, and the first one then its own.
        try office.send([
            .text("Stop 22222222", from: "27710000001"), .text("Stop 11111111", from: "27710000002"), .media("image", from: "27710000002"),
            .text("Stop 11111111", from: "27710000001"),
        ])
        #expect(try office.holds(on: "11111111").count == 1 && office.holds(on: "22222222").isEmpty)
        // All of one moment, so in no order.
        #expect(try office.outcomes("11111111").sorted() == ["locked", "refused"] && office.outcomes("22222222") == ["refused"])
    }

    /// What stands between two commands: everything that JSON can be and a message of Meta's is not.
    private static let odd = [
        "null", "17", "true", #""Stop""#, "[]", "{}", #"{"id":null}"#, #"{"id":{}}"#, #"{"id":"wamid.A"}"#, #"{"id":"wamid.B","type":"text"}"#,
        #"{"id":"wamid.C","type":7,"text":{"body":"Stop 12345678"}}"#, #"{"id":"wamid.D","type":"text","text":"Stop 12345678"}"#,
        #"{"id":"wamid.E","type":"text","text":{"body":12345678}}"#,
        #"{"id":"wamid.F","type":"text","from":["27711234567"],"text":{"body":"Stop 12345678"}}"#,
        #"{"id":"wamid.G","type":"text","from":"27711234567","timestamp":"soon","text":{"body":"?"}}"#,
        #"{"id":"wamid.H","type":"text","from":"27711234567","timestamp":99999999999999999999,"text":{"body":"?"}}"#,
        #"{"id":"wamid.I","type":"text","from":"27711234567","timestamp":1e400,"text":{"body":"?"}}"#,
        #"{"id":"","type":"text","from":"27711234567","text":{"body":"?"}}"#,
        #"{"id":"wamid.\u0000J","type":"text","from":"\u0000","text":{"body":"\u0000"}}"#,
        #"{"id":"wamid.K","type":"text","from":"\ud83d\ude00","from_user_id":"","text":{"body":"\ud83d\ude00"}}"#,
        #"{"id":"wamid.L","type":"system","from":"27820000009","system":[]}"#, #"{"id":"wamid.M","type":"edit","from":"27820000009"}"#,
        #"{"id":"wamid.N","type":"text","from":"27820000009","text":{"body":"Stop 12345678"},"group_id":"1"}"#,
        #"{"id":"\#(String(repeating: "w", count: 100_000))","type":"text","from":"\#(String(repeating: "2", count: 100_000))","text":{"body":"Stop 12345678"}}"#,
    ]

    @Test func losesNoGoodMessageForAnOddOne() throws {
        let office = try WhatsAppOffice.shared
        let vendors = try Self.odd.map { _ in try office.newVendor() } + [office.newVendor()]
        func stop(_ vendor: (reference: String, phone: String)) -> String {
            WhatsAppMessage.text("Stop \(vendor.reference)", from: .phone(vendor.phone)).json.text
        }
        let messages = zip(vendors, Self.odd).flatMap { [stop($0), $1] } + [stop(vendors[Self.odd.count])]
        let body =
            #"{"object":"whatsapp_business_account","entry":[7,{"changes":[null,{"field":"messages","value":{"metadata":{"phone_number_id":"200000000000002"},"contacts":[null,{"wa_id":7}],"messages":[\#(messages.joined(separator: ","))],"statuses":[null,{"id":"wamid.X","status":7}]}}]}]}"#
        let reply = try office.send(body: body)
        #expect(reply.status == 200, "\(reply.text)")
        for (index, vendor) in vendors.enumerated() {
            #expect(
                try office.holds(on: vendor.reference).count == 1, "before \(index < Self.odd.count ? String(Self.odd[index].prefix(80)) : "the end")"
            )
        }
        // And each on its own is taken, so that it does not come for a week.
        for odd in Self.odd {
            let body = #"{"entry":[{"changes":[{"field":"messages","value":{"messages":[\#(odd)]}}]}]}"#
            #expect(try office.send(body: body).status == 200, "\(odd.prefix(80))")
        }
    }

    @Test func takesAThousandInOneTransaction() throws {
        let office = try WhatsAppOffice(sends: false)
        let references = (0..<1000).map { "7\(1_000_000 + $0)" }
        for start in stride(from: 0, to: 1000, by: 100) {
            let sent = try references[start..<start + 100].map { reference in
                try office.api.send(
                    "POST", "/v1/accounts",
                    bytes: Array("{\"reference\":\"\(reference)\",\"owner\":{\"name\":\"T\"},\"linked_number\":\"\(WhatsAppOffice.number)\"}".utf8))
            }
            for connection in sent { #expect(try connection.reply().status == 201) }
        }
        let webhook = try Webhooks.whatsApp(
            references.map { .text("Stop \($0)", from: WhatsAppOffice.vendor) }, perChange: 10, secret: WhatsAppOffice.secret)
        let before = try #require(try office.api.metric("vendlock_store_commit_seconds_count"))
        #expect(try office.post(webhook).status == 200)
        // One for all of it; the second, which nobody waits for, says when the first was on disk.
        let after = try #require(try office.api.metric("vendlock_store_commit_seconds_count"))
        #expect((1...2).contains(after - before), "\(after - before) commits")
        var locked: [String] = []
        var next: String? = ""
        while let after = next {
            let page = try office.api.must(200, "GET", "/v1/accounts?limit=200" + (after.isEmpty ? "" : "&after=\(after)"))
            locked += page["accounts"].array.filter { $0["locked"] == true && $0["holds"].array.count == 1 }.compactMap { $0["reference"].string }
            next = page["next"].string
        }
        #expect(locked == references)
        #expect(try office.api.metric(#"vendlock_locks_total{source="whatsapp"}"#) == 1000)
        // Sent again, as after a lost answer, it changes nothing.
        #expect(try office.post(webhook).status == 200)
        #expect(try office.api.metric(#"vendlock_locks_total{source="whatsapp"}"#) == 1000)
        #expect(try office.api.metric(#"vendlock_messages_total{provider="whatsapp",outcome="duplicate"}"#) == 1000)
        #expect(try office.notes("hold_placed", on: references[500]).map { $0["count"].integer } == [2])
    }
}
