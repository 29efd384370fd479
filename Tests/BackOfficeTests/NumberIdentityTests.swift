import TestSupport
import Testing
import Wire

/// What a change of the linked number means for those who may lock: other numbers, user ids, other accounts.
@Suite struct NumberIdentityTests {
    private static let old = NumberOffice.sender(NumberOffice.old)
    private static let new = NumberOffice.sender(NumberOffice.new)
    private static let userID = "ZA.90000000000000000001"
    private static let day = Duration.seconds(24 * 3600)

    @Test func theOldNumbersUserIDEndsWithIt() throws {
        let office = try NumberOffice()
        try office.receive(.text("good morning", from: .both("27711234567", Self.userID)))
        #expect(try office.locks(.userID(Self.userID)))
        try office.change()
        #expect(try office.locks(.userID(Self.userID)))
        office.clock.advance(by: Self.day)
        #expect(try !office.locks(.userID(Self.userID)))
    }

    @Test func theNewNumbersUserIDStays() throws {
        let office = try NumberOffice()
        try office.change()
        try office.receive(.text("hello", from: .both("27821234567", Self.userID)))
        office.clock.advance(by: Self.day)
        #expect(try office.locks(.userID(Self.userID)))
    }

    @Test func cancellingLinksTheOldNumberAgainAndTellsBoth() throws {
        let office = try NumberOffice()
        let other = "ZA.90000000000000000002"
        try office.receive(.text("good morning", from: .both("27711234567", Self.userID)))
        let id = try office.change()
        try office.receive(.text("hello", from: .both("27821234567", other)))
        #expect(try office.locks(.userID(other)))
        try eventually("everything to be sent") { try office.outgoing().allSatisfy { !["waiting", "sending"].contains($0["state"].string) } }
        office.clock.advance(by: Self.day - .milliseconds(1))
        let sent = office.graph.sent.count
        #expect(try office.decide("cancellation", id).json["state"].string == "cancelled")
        try office.graph.waitFor(count: sent + 2)
        #expect(Set(office.graph.sent.suffix(2).map { "+" + $0.to }) == [NumberOffice.old, NumberOffice.new])
        #expect(
            office.graph.sent.suffix(2).allSatisfy { $0.template == "vendlock_number_change_cancelled" || $0.body?.contains("cancelled") == true })
        #expect(try office.account["linked_number"].string == NumberOffice.old)
        #expect(try !office.account.has("previous_number"))
        #expect(try !office.locks(Self.new) && !office.locks(.userID(other)))
        office.clock.advance(by: Self.day)
        #expect(try office.locks(Self.old) && office.locks(.userID(Self.userID)), "without an end again")
    }

    @Test func cancelsNothingWhenTheDayIsOver() throws {
        let office = try NumberOffice()
        let id = try office.change()
        office.clock.advance(by: Self.day)
        expectProblem(try office.decide("cancellation", id), 409, "cooling_off_over")
        #expect(try office.account["linked_number"].string == NumberOffice.new)
    }

    @Test func aSuspendedNumberDoesNotCoolOff() throws {
        let office = try NumberOffice()
        try office.receive(.text("good morning", from: .both("27711234567", Self.userID)))
        try office.receive(.changedNumber(from: Self.old, to: "27821234567"))
        #expect(try office.account.has("linked_number_suspended_at"))
        let id = try office.change()
        let account = try office.account
        #expect(!account.has("linked_number_suspended_at") && !account.has("previous_number"))
        #expect(try office.locks(Self.new))
        #expect(try !office.locks(Self.old) && !office.locks(.userID(Self.userID)))
        #expect(try office.notes("number_changed").first?["text"].string?.contains("was suspended") == true)
        // Nobody has confirmed the old number since, so it comes back as it was.
        #expect(try office.decide("cancellation", id).status == 200)
        #expect(try office.account.has("linked_number_suspended_at"))
        #expect(try !office.locks(Self.old) && !office.locks(Self.new))
    }

    @Test func aSecondChangeKeepsTheFirstsCoolingOff() throws {
        let office = try NumberOffice()
        let third = "+27831234567"
        let first = try office.change()
        office.clock.advance(by: .seconds(3600))
        let second = try office.change(to: third)
        for number in [NumberOffice.old, NumberOffice.new, third] { #expect(try office.locks(NumberOffice.sender(number)), "\(number)") }
        expectProblem(try office.decide("cancellation", first), 409, "number_changed_meanwhile")
        #expect(try office.decide("cancellation", second).status == 200)
        #expect(try office.account["linked_number"].string == NumberOffice.new)
        #expect(try office.locks(Self.old) && office.locks(Self.new) && !office.locks(NumberOffice.sender(third)))
        office.clock.advance(by: Self.day - .seconds(3600))
        #expect(try !office.locks(Self.old) && office.locks(Self.new))
    }

    @Test func aNumberThatComesBackKeepsItsUserID() throws {
        let office = try NumberOffice()
        try office.receive(.text("good morning", from: .both("27711234567", Self.userID)))
        try office.change()
        try office.change(to: NumberOffice.old)
        #expect(try office.account["previous_number"]["number"].string == NumberOffice.new)
        office.clock.advance(by: Self.day)
        #expect(try office.locks(Self.old) && office.locks(.userID(Self.userID)) && !office.locks(Self.new))
    }

    /// Long gone, then linked again: what was known of it is learned anew.
    @Test func aNumberLinkedAgainLearnsItsUserIDAnew() throws {
        let office = try NumberOffice()
        try office.receive(.text("good morning", from: .both("27711234567", Self.userID)))
        try office.change()
        office.clock.advance(by: Self.day)
        try office.change(to: NumberOffice.old)
        #expect(try !office.locks(.userID(Self.userID)))
        try office.receive(.text("good morning", from: .both("27711234567", Self.userID)))
        #expect(try office.locks(.userID(Self.userID)))
    }

    @Test func changesOnlyTheAccountThatItNames() throws {
        let office = try NumberOffice()
        let other = Names.reference()
        try office.admin.addAccount(other, number: NumberOffice.old)
        try office.change()
        office.clock.advance(by: Self.day)
        #expect(try office.admin.must(200, "GET", "/v1/accounts/\(other)")["linked_number"].string == NumberOffice.old)
        #expect(try office.locks(Self.old, other) && !office.locks(Self.new, other))
        #expect(try !office.locks(Self.old) && office.locks(Self.new))
    }
}
