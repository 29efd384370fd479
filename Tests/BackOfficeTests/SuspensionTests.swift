import TestSupport
import Testing
import Wire

/// A linked number that WhatsApp reports as changed.
@Suite struct SuspensionTests {
    private static let old = NumberOffice.sender(NumberOffice.old)
    private static let userID = "ZA.90000000000000000001"

    private func confirm(_ office: NumberOffice, by caller: API? = nil) throws -> Reply {
        try (caller ?? office.senior).delete(office.path + "/linked-number/suspension", #"{"note":"called her"}"#)
    }

    private static let reports: [WhatsAppMessage] = [
        .changedNumber(from: old, to: "27821234567"), .system("customer_identity_changed", from: old), .system("user_changed_user_id", from: old),
    ]

    @Test(arguments: 0..<reports.count) func locksNothingUntilStaffConfirm(_ report: Int) throws {
        let office = try NumberOffice()
        try office.receive(.text("good morning", from: .both("27711234567", Self.userID)))
        #expect(try office.locks(Self.old) && office.locks(.userID(Self.userID)))
        let since = office.clock.now.description
        try office.receive(Self.reports[report])
        #expect(try office.account["linked_number_suspended_at"].string == since)
        #expect(try office.account["linked_number"].string == NumberOffice.old)
        #expect(try office.notes("number_suspended").count == 1)
        #expect(try !office.locks(Self.old) && !office.locks(.userID(Self.userID)))

        let account = try confirm(office)
        #expect(account.status == 200 && account.json["reference"].string == office.reference)
        #expect(!account.json.has("linked_number_suspended_at"))
        #expect(try office.locks(Self.old) && office.locks(.userID(Self.userID)))
        let note = try #require(try office.notes("number_confirmed").first)
        #expect(note["actor"].string == "token:senior" && note["role"].string == "senior" && note["via"].string == "api")
        #expect(note["source_address"].string == "127.0.0.1")
        #expect(note["text"].string?.contains("called her") == true && note["text"].string?.contains(NumberOffice.old) == true)
    }

    /// Whoever has the number now learns no more than a stranger who asks for a wallet that there is not.
    @Test func answersASuspendedNumberAsItAnswersAStranger() throws {
        let office = try NumberOffice()
        try office.receive(Self.reports[0])
        #expect(try !office.locks(Self.old))
        try office.receive(.text("Stop 99999999", from: "27731234567"))
        try eventually("both answers") { office.graph.sent.count == 2 }
        let suspended = try #require(office.graph.sent(to: NumberOffice.old).first?.body)
        let stranger = try #require(office.graph.sent(to: "27731234567").first?.body)
        #expect(suspended == stranger && !suspended.contains(office.reference))
    }

    @Test func suspendsOnceHoweverOftenItIsReported() throws {
        let office = try NumberOffice()
        for _ in 0..<3 { try office.receive(.changedNumber(from: Self.old, to: "27821234567")) }
        #expect(try office.notes("number_suspended").count == 1)
        #expect(try confirm(office).status == 200)
        #expect(try office.locks(Self.old))
        try office.receive(.changedNumber(from: Self.old, to: "27821234567"))
        #expect(try !office.locks(Self.old), "a later report suspends again")
    }

    /// The number that is linked now has not changed, though the old one's user id was seen beside the account.
    @Test func aFormerNumberThatChangesTakesNothingFromTheNewOne() throws {
        let office = try NumberOffice()
        try office.receive(.text("good morning", from: .both("27711234567", Self.userID)))
        _ = try office.change()
        #expect(try office.locks(Self.old))
        try office.receive(.changedNumber(from: .both("27711234567", Self.userID), to: "27731234567"))
        #expect(try !office.account.has("linked_number_suspended_at"))
        #expect(try !office.locks(Self.old) && !office.locks(.userID(Self.userID)))
        #expect(try office.locks(NumberOffice.sender(NumberOffice.new)))
    }

    @Test func confirmsOnlyWhatIsSuspended() throws {
        let office = try NumberOffice()
        expectProblem(try confirm(office), 409, "number_not_suspended")
        let note = try #require(try office.notes("number_change_refused").first)
        #expect(note["actor"].string == "token:senior" && note["text"].string?.contains("number_not_suspended") == true)
        try office.receive(Self.reports[0])
        expectProblem(try office.senior.delete(office.path + "/linked-number/suspension", #"{"note":" "}"#), 400, "text_required")
        expectProblem(try confirm(office, by: office.desk), 403, "role_may_not")
        #expect(try office.account.has("linked_number_suspended_at"))
        #expect(try confirm(office, by: office.admin).status == 200)
        expectProblem(try confirm(office), 409, "number_not_suspended")
        expectProblem(try office.senior.delete("/v1/accounts/NONE-1/linked-number/suspension", #"{"note":"n"}"#), 404, "account_not_found")
    }

    /// Written again by PATCH the number is as suspended as before: that is no confirmation.
    @Test func settingTheSameNumberAgainConfirmsNothing() throws {
        let office = try NumberOffice()
        try office.receive(Self.reports[0])
        try office.senior.must(200, "PATCH", office.path, #"{"linked_number":"\#(NumberOffice.old)"}"#)
        #expect(try office.account.has("linked_number_suspended_at") && !office.locks(Self.old))
    }
}
