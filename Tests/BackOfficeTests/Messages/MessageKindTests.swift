import TestSupport
import Testing

/// Everything else that comes as a message: it locks nothing, and is answered only where an answer helps.
@Suite struct MessageKindTests {
    private enum Heard { case nothing, hint, resend }

    private typealias Make = @Sendable (_ command: String, _ vendor: WhatsAppSender) -> WhatsAppMessage

    private static func kind(_ type: String, _ members: @escaping @Sendable (_ command: String) -> JSONValue) -> Make {
        { WhatsAppMessage(type: type, from: $1, members: [type: members($0)]) }
    }

    /// Every type of the Cloud API, each with the whole command wherever it has words, from the linked number.
    private static let kinds: [(name: String, make: Make, heard: Heard)] = [
        ("image with caption", { .media("image", caption: $0, from: $1) }, .hint), ("image", { .media("image", from: $1) }, .hint),
        ("video with caption", { .media("video", caption: $0, from: $1) }, .hint),
        ("document with caption", { .media("document", caption: $0, from: $1) }, .hint), ("sticker", { .media("sticker", from: $1) }, .hint),
        ("voice note", { .media("audio", from: $1) }, .hint),
        ("older voice note", kind("voice") { _ in ["id": "1000000000000001", "mime_type": "audio/ogg; codecs=opus"] }, .hint),
        (
            "location", kind("location") { ["latitude": .number(-26.2), "longitude": .number(28.0), "name": .string($0), "address": .string($0)] },
            .hint
        ),
        ("contacts", kind("contacts") { [["name": ["formatted_name": .string($0)], "phones": [["phone": "+27711234567"]]]] }, .hint),
        ("edit", { .edit(of: "wamid.T1JJR0lOQUw", to: $0, from: $1) }, .resend), ("revoke", { .revoke(of: "wamid.T1JJR0lOQUw", from: $1) }, .nothing),
        ("reaction", { .reaction("\u{1F6D1}", to: "wamid.T1JJR0lOQUw", from: $1) }, .nothing),
        ("reaction with the command", { .reaction($0, to: "wamid.T1JJR0lOQUw", from: $1) }, .nothing),
        ("reaction taken away", { .reaction("", to: "wamid.T1JJR0lOQUw", from: $1) }, .nothing),
        ("button", { .button($0, payload: $0, from: $1, answering: "wamid.T1JJR0lOQUw") }, .nothing),
        ("button reply", kind("interactive") { ["type": "button_reply", "button_reply": ["id": .string($0), "title": .string($0)]] }, .nothing),
        (
            "list reply",
            kind("interactive") { ["type": "list_reply", "list_reply": ["id": "1", "title": .string($0), "description": .string($0)]] },
            .nothing
        ),
        (
            "form reply", kind("interactive") { ["type": "nfm_reply", "nfm_reply": ["name": "flow", "body": .string($0), "response_json": "{}"]] },
            .nothing
        ),
        ("interactive without its object", { WhatsAppMessage(type: "interactive", from: $1) }, .nothing),
        ("order", kind("order") { ["catalog_id": "1", "text": .string($0), "product_items": []] }, .nothing),
        ("system of another kind", { .system("something_new", from: $1) }, .nothing), ("unsupported", { .unsupported(from: $1) }, .nothing),
        ("older unknown", { WhatsAppMessage(type: "unknown", from: $1, members: ["text": ["body": .string($0)]]) }, .nothing),
        ("request_welcome", { WhatsAppMessage(type: "request_welcome", from: $1, members: ["text": ["body": .string($0)]]) }, .nothing),
        ("a type of next year", { WhatsAppMessage(type: "hologram", from: $1, members: ["text": ["body": .string($0)]]) }, .nothing),
        ("group", { .inGroup($0, from: $1) }, .nothing), ("text without a body", kind("text") { _ in [:] }, .hint),
    ]

    @Test(arguments: kinds.indices) func locksNothing(_ index: Int) throws {
        let (name, make, heard) = Self.kinds[index]
        let office = try WhatsAppOffice.shared
        let vendor = try office.newVendor()
        try office.send([make("Stop \(vendor.reference)", .phone(vendor.phone))])
        #expect(try office.holds(on: vendor.reference).isEmpty, "\(name)")
        try office.settle(vendor.phone)
        let expected = [Heard.hint: [WhatsAppOffice.hint], .resend: [WhatsAppOffice.resend], .nothing: []][heard]
        #expect(office.texts(to: vendor.phone) == expected, "\(name)")
        // And the next real one does.
        try office.say("Stop \(vendor.reference)", from: .phone(vendor.phone))
        #expect(try office.holds(on: vendor.reference).count == 1)
    }

    @Test(arguments: [
        ("please stop sending me adverts", true), ("Stop", true), ("stop it!", true), ("STOP STOP STOP", true), ("Stop 123", true),
        ("Don't stop 12345678 please", true), ("I will stop by at 12345678 Main Road", true), ("stopover", false), ("unstoppable", false),
        ("Hello", false), ("12345678", false), ("\u{1F6D1}", false), ("\u{1F44D}\u{1F3FD}", false), ("", true), ("   ", false),
        ("Thanks, see you at 10", false),
    ])
    func locksNothingByATextThatIsNoCommand(_ text: String, _ isAnswered: Bool) throws {
        let office = try WhatsAppOffice.shared
        let vendor = try office.newVendor()
        try office.say(text.replacing("12345678", with: vendor.reference), from: .phone(vendor.phone))
        #expect(try office.holds(on: vendor.reference).isEmpty)
        try office.settle(vendor.phone)
        #expect(office.texts(to: vendor.phone) == (isAnswered ? [WhatsAppOffice.hint] : []))
    }

    @Test func hintsThreeTimesInTenMinutes() throws {
        let office = try WhatsAppOffice()
        for _ in 0..<8 {
            try office.send([.media("image", from: WhatsAppOffice.stranger)])
            try office.settle()
        }
        #expect(office.texts(to: "27829999999") == Array(repeating: WhatsAppOffice.hint, count: 3))
        // Somebody else is told all the same, and the same one later.
        try office.send([.media("image", from: "27820000001")])
        try office.pass(.seconds(600))
        try office.send([.media("image", from: WhatsAppOffice.stranger)])
        try office.settle()
        #expect(office.texts(to: "27820000001").count == 1 && office.texts(to: "27829999999").count == 4)
    }

    @Test func asksOnceForAnAlbum() throws {
        let office = try WhatsAppOffice()
        try office.send((0..<10).map { _ in .media("image", from: WhatsAppOffice.vendor) })
        try office.settle()
        #expect(office.texts() == [WhatsAppOffice.hint])
    }

    /// A picture that was asked about is no reason to keep a lock's answer waiting, or out.
    @Test func locksAndAnswersAfterAllHintsAreUsed() throws {
        let office = try WhatsAppOffice()
        try office.account()
        for _ in 0..<5 { try office.send([.media("image", from: WhatsAppOffice.vendor)]) }
        try office.say("Stop 12345678")
        try office.settle()
        #expect(try office.holds().count == 1)
        #expect(office.texts().last?.hasPrefix("Wallet 12345678 has been locked since ") == true)
    }

    @Test func answersNobodyInAGroup() throws {
        let office = try WhatsAppOffice()
        try office.account()
        for text in ["Stop 12345678", "Stop", "stop test"] {
            try office.send([.inGroup(text, from: WhatsAppOffice.vendor), .inGroup(text, from: WhatsAppOffice.stranger)])
        }
        try office.settle()
        #expect(try office.holds().isEmpty && office.notes("stop_refused").isEmpty)
        #expect(office.graph.received == 0)
    }
}
