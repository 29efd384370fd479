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
