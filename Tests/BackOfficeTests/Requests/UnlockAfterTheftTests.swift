import Testing
import TestSupport

/// The vendor's own lock lifted: the owner is who they are, the terminal is accounted for, and a senior who had no part in it releases the hold.
@Suite struct UnlockAfterTheftTests {
    private let office: RequestOffice

    init() throws { office = try RequestOffice() }

    private func toLevel2(fate: String) throws -> String {
        let ticket = try office.ticket(office.open("unlock_after_theft", source: "phone"))
        #expect(try office.must("answers", ticket, office.rightAnswers())["step"].string == "terminals")
        let settled = try office.must(
            "terminals", ticket, #"{"terminals":[{"imei":"\#(office.imei)","fate":"\#(fate)"}],"note":"the police have it"}"#)
        #expect(settled["step"].string == "level_2" && settled["terminals"].array.first?["fate"].string == fate)
        return ticket
    }

    @Test func releasesTheVendorsHold() throws {
        try office.admin.lock(office.reference, kind: "vendor")
        let ticket = try toLevel2(fate: "recovered")
        #expect(try office.account["locked"].bool == true)
        #expect(try office.must("approval", ticket, by: office.senior)["outcome"].string == "approved")
        #expect(try office.account["locked"].bool == false)
        let released = try #require(try office.notes("hold_released").first)
        #expect(released["text"].string?.contains(ticket) == true && released["actor"].string == "token:senior")
        #expect(try office.told(3) == ["request_opened", "terminal_recovered", "account_reopened"])
    }

    @Test func leavesTheHoldsOfOthers() throws {
        try office.admin.lock(office.reference, kind: "vendor")
        let fraud = try office.admin.lock(office.reference, kind: "fraud")
        let ticket = try toLevel2(fate: "recovered")
        try office.must("approval", ticket, by: office.senior)
        #expect(try office.account["holds"].array.compactMap { $0["id"].string } == [fraud])
        #expect(try office.told(3).last == "account_still_locked")
    }

    @Test func takesAWrittenOffTerminalOutOfServiceOnlyWithTheApproval() throws {
        try office.admin.lock(office.reference, kind: "vendor")
        let ticket = try toLevel2(fate: "written_off")
        #expect(try office.admin.must(200, "GET", "/v1/devices/\(office.imei)")["decommissioned"].bool == false)
        try office.must("approval", ticket, by: office.senior)
        #expect(try office.admin.must(200, "GET", "/v1/devices/\(office.imei)")["decommissioned"].bool == true)
        #expect(try office.told(3)[1] == "terminal_written_off")
    }

    /// A lock that came after the owner was asked is about something else.
    @Test func liftsNoNewerLock() throws {
        try office.admin.lock(office.reference, kind: "vendor")
        let ticket = try toLevel2(fate: "recovered")
        let newer = try office.admin.lock(office.reference, kind: "vendor", reason: "stolen again")
        expectProblem(try office.step("approval", ticket, by: office.senior), 409, "locked_again")
        #expect(try office.account["holds"].array.contains { $0["id"].string == newer } && office.account["holds"].array.count == 2)
        #expect(try office.must("refusal", ticket, by: office.senior)["outcome"].string == "refused")
    }

    @Test func aStopThatIsRepeatedAfterTheQuestionsIsANewerLock() throws {
        try office.stop(id: "first")
        let ticket = try toLevel2(fate: "recovered")
        office.clock.advance(by: .seconds(60))
        try office.stop(id: "second")
        expectProblem(try office.step("approval", ticket, by: office.senior), 409, "locked_again")
        #expect(try office.account["locked"].bool == true)
    }

    @Test func releasesNothingWhereNothingStands() throws {
        let hold = try office.admin.lock(office.reference, kind: "vendor")
        let ticket = try toLevel2(fate: "recovered")
        try office.admin.release(hold, of: office.reference)
        expectProblem(try office.step("approval", ticket, by: office.senior), 409, "no_vendor_hold")
    }

    @Test func whoeverSettledTheTerminalsApprovesNothing() throws {
        try office.admin.lock(office.reference, kind: "vendor")
        let ticket = try office.ticket(office.open("unlock_after_theft", source: "phone"))
        try office.must("answers", ticket, office.rightAnswers())
        try office.must("terminals", ticket, #"{"terminals":[{"imei":"\#(office.imei)","fate":"written_off"}]}"#, by: office.senior)
        expectProblem(try office.step("approval", ticket, by: office.senior), 409, "same_person")
    }

    /// One that is left out would sell again with the account.
    @Test func takesEveryRegisteredTerminalOnce() throws {
        let second = Names.imei()
        try office.admin.addDevice(second, account: office.reference)
        try office.admin.lock(office.reference, kind: "vendor")
        let ticket = try office.ticket(office.open("unlock_after_theft", source: "phone"))
        try office.must("answers", ticket, office.rightAnswers())
        let first = #"{"imei":"\#(office.imei)","fate":"written_off"}"#
        let missing = try office.step("terminals", ticket, #"{"terminals":[\#(first)]}"#)
        expectProblem(missing, 400, "invalid_request")
        #expect(missing.text.contains(second))
        let twice = #"{"terminals":[\#(first),{"imei":"\#(office.imei)","fate":"recovered"},{"imei":"\#(second)","fate":"kept"}]}"#
        expectProblem(try office.step("terminals", ticket, twice), 400, "invalid_request")
        try office.must("terminals", ticket, #"{"terminals":[\#(first),{"imei":"\#(second)","fate":"kept"}]}"#)
    }

    @Test func leavesATerminalThatHasGoneToAnotherAccount() throws {
        try office.admin.lock(office.reference, kind: "vendor")
        let ticket = try toLevel2(fate: "written_off")
        let other = Names.reference()
        try office.admin.addAccount(other)
        try office.admin.must(200, "POST", "/v1/devices/\(office.imei)/move", #"{"account":"\#(other)","note":"sold"}"#)
        let reply = try office.step("approval", ticket, by: office.senior)
        #expect(reply.status == 409, "\(reply.text)")
        #expect(try office.admin.must(200, "GET", "/v1/devices/\(office.imei)")["decommissioned"].bool == false)
    }

    /// Nobody alone both links a number and unlocks.
    @Test func whoeverLinkedTheNumberReleasesNothing() throws {
        try office.admin.lock(office.reference, kind: "vendor")
        let change = try #require(
            try office.desk.must(201, "POST", office.path + "/number-changes", NumberOffice.body(to: NumberOffice.new))["id"].string)
        try office.senior.must(200, "POST", office.path + "/number-changes/\(change)/approval", #"{"note":"n"}"#)
        let ticket = try toLevel2(fate: "recovered")
        expectProblem(try office.step("approval", ticket, by: office.senior), 409, "same_person_linked_number")
        #expect(try office.account["locked"].bool == true)
        #expect(try office.must("approval", ticket, by: office.other)["outcome"].string == "approved")
    }

    @Test func isOfferedOnlyForAVendorsLock() throws {
        try office.admin.lock(office.reference, kind: "staff")
        let reply = try office.desk.post("/v1/requests", #"{"kind":"unlock_after_theft","account":"\#(office.reference)","source":"phone"}"#)
        expectProblem(reply, 409, "no_vendor_hold")
    }

    @Test func aWrongAnswerLeavesTheLock() throws {
        try office.admin.lock(office.reference, kind: "vendor")
        let ticket = try office.ticket(office.open("unlock_after_theft", source: "whatsapp"))
        #expect(try office.must("answers", ticket, office.rightAnswers(["id_number": "1"]))["outcome"].string == "wrong_answer")
        #expect(try office.account["locked"].bool == true)
    }

    @Test func namesATerminalThatIsNotTheAccounts() throws {
        try office.admin.lock(office.reference, kind: "vendor")
        let ticket = try office.ticket(office.open("unlock_after_theft", source: "phone"))
        try office.must("answers", ticket, office.rightAnswers())
        let stranger = Names.imei()
        try office.admin.addDevice(stranger)
        let body = #"{"terminals":[{"imei":"\#(stranger)","fate":"recovered"}]}"#
        expectProblem(try office.step("terminals", ticket, body), 404, "device_not_found")
        expectProblem(try office.step("terminals", ticket, #"{"terminals":[]}"#), 400, "invalid_request")
        expectProblem(try office.step("terminals", ticket, #"{"terminals":[{"imei":"\#(stranger)","fate":"lost"}]}"#), 400, "invalid_body")
        #expect(try office.show(ticket)["step"].string == "terminals")
    }
}
