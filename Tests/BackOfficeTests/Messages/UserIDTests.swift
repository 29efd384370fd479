import TestSupport
import Testing

/// WhatsApp's business-scoped user ids: what a sender has who withholds the number.
@Suite struct UserIDTests {
    private static let userID = "ZA.90000000000000000001"
    private let office: WhatsAppOffice

    init() throws {
        office = try WhatsAppOffice()
        try office.account()
    }

    private func release(_ reference: String = "12345678") throws {
        try office.api.release(try #require(office.holds(on: reference).first?["id"].string), of: reference)
    }

    @Test func acceptsAnIDThatItLearnedBesideTheNumber() throws {
        try office.say("Stop 12345678", from: .both("27711234567", Self.userID))
        try release()
        try office.say("Stop 12345678", from: .userID(Self.userID))
        #expect(try office.holds().count == 1)
        try office.settle()
        #expect(office.texts(to: Self.userID).count == 1, "the answer goes to the id, because there is no number")
        #expect(try office.notes("hold_placed").first?["text"].string?.contains(Self.userID) == true)
        #expect(office.graph.violations.isEmpty)
    }

    @Test(arguments: ["Hello", "please stop sending me adverts", "Stop 99999999"]) func learnsFromAnyMessage(_ text: String) throws {
        try office.say(text, from: .both("27711234567", Self.userID))
        #expect(try office.holds().isEmpty)
        try office.say("Stop 12345678", from: .userID(Self.userID))
        #expect(try office.holds().count == 1)
    }

    @Test func learnsForEveryAccountOfTheNumber() throws {
        try office.account("87654321")
        try office.say("Stop 12345678", from: .both("27711234567", Self.userID))
        try office.say("Stop 87654321", from: .userID(Self.userID))
        #expect(try office.holds(on: "87654321").count == 1)
        #expect(try office.holds(on: "12345678").count == 1)
    }

    @Test func refusesAnIDThatNobodyKnows() throws {
        try office.say("Stop 12345678", from: .userID(Self.userID))
        #expect(try office.holds().isEmpty)
        try office.settle()
        #expect(office.texts(to: Self.userID) == [WhatsAppOffice.refusal])
        #expect(try office.notes("stop_refused").first?["text"].string?.contains(Self.userID) == true)
        #expect(office.graph.violations.isEmpty)
    }

    @Test func learnsNothingFromAnotherNumber() throws {
        try office.say("Stop 12345678", from: .both("27829999999", Self.userID))
        try office.say("Stop 12345678", from: .userID(Self.userID))
        #expect(try office.holds().isEmpty)
    }

    /// A stranger's id beside no number, with the vendor's number in words and fields that prove nothing.
    @Test func believesNoNumberThatASenderOnlyClaims() throws {
        try office.send([
            WhatsAppMessage(
                type: "contacts", from: .userID(Self.userID),
                members: ["contacts": [["origin": "other", "phones": [["phone": "+27711234567", "wa_id": "27711234567"]]]]])
        ])
        try office.say("Stop 12345678", from: .userID(Self.userID))
        #expect(try office.holds().isEmpty)
    }

    @Test func knowsAnIDWhereTheNumberStands() throws {
        try office.say("Hello", from: .both("27711234567", Self.userID))
        try office.say("Stop 12345678", from: .phone(Self.userID))
        #expect(try office.holds().count == 1)
    }

    @Test func takesTheIDAlongWhenTheNumberIsSuspended() throws {
        try office.say("Hello", from: .both("27711234567", Self.userID))
        try office.send([.changedNumber(from: WhatsAppOffice.vendor, to: "27719999999")])
        try office.say("Stop 12345678", from: .userID(Self.userID))
        #expect(try office.holds().isEmpty)
    }

    @Test func suspendsByTheIDAlone() throws {
        try office.say("Hello", from: .both("27711234567", Self.userID))
        try office.send([.system("user_changed_user_id", from: .userID(Self.userID))])
        #expect(try office.notes("number_suspended").count == 1)
        try office.say("Stop 12345678")
        #expect(try office.holds().isEmpty)
    }

    @Test func countsFailuresByTheID() throws {
        for _ in 0..<5 {
            try office.say("Stop 99999999", from: .userID(Self.userID))
            try office.settle()
        }
        #expect(office.texts(to: Self.userID).count == 4)
        #expect(try office.outbox("waiting").count == 1)
    }
}
