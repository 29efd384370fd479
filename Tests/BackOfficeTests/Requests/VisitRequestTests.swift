import TestSupport
import Testing
import Wire

/// A visit as a step of a request: the shop has moved, or nobody knows where it is.
@Suite struct VisitRequestTests {
    private let office: RequestOffice
    private let terminal: TestTerminal

    init() throws {
        office = try RequestOffice()
        terminal = try TestTerminal.enrolled(office.admin, account: nil, on: "KazTimpaPro")
        // In place of the account's other device, so that it is the only one.
        try office.admin.must(200, "POST", "/v1/devices/\(office.imei)/decommission", #"{"note":"broken"}"#)
        try office.admin.must(200, "POST", "/v1/devices", #"{"imei":"\#(terminal.imei)","account":"\#(office.reference)"}"#)
        try terminal.connect(now: office.clock.now.unixSeconds)
    }

    /// Where the field agent's telephone is.
    private static let phone = #"{"phone":{"lat":-26.2400,"lon":27.9000,"accuracy_m":15},"note":"at the corner shop"}"#

    /// The terminal finds the command in its lease and answers with its position.
    private func terminalAnswers(lat: Double, accuracy: Double = 20) throws {
        let command = try #require(try terminal.poll(after: nil).cmds?.first)
        let fields =
            #""lat":\#(lat),"lon":27.9000,"accuracy_m":\#(accuracy),"source":"gpsd","fixed_at":"\#(office.clock.now)","command":"\#(command.id)""#
        guard try terminal.eventsReply([terminal.event("location", fields)]).status == 200 else { throw Failure("the event was not taken") }
    }

    private func moved() throws -> String {
        let ticket = try office.openChannel("KazAndroid", #""new_address":"4 Moroka Road, Rockville""#)
        let checked = try office.must("answers", ticket, office.rightAnswers(["imei": terminal.imei]))
        #expect(checked["step"].string == "visit" && checked["waiting_for"].string == "field_agent")
        return ticket
    }

    @Test func aShopThatHasMovedWaitsForTheVisit() throws {
        let ticket = try moved()
        expectProblem(try office.step("approval", ticket, by: office.senior), 409, "step_out_of_order")
        expectProblem(try office.step("visits", ticket, Self.phone, by: office.desk), 403, "role_may_not")
        #expect(try office.must("visits", ticket, Self.phone, by: office.agent)["step"].string == "visit")
        try terminalAnswers(lat: -26.2401)
        let request = try office.show(ticket)
        #expect(request["step"].string == "level_2" && request["visit"].string?.hasPrefix("visit_") == true)
        #expect(try office.notes("visit_settled").first?["ticket"].string == ticket)
        try office.must("approval", ticket, by: office.senior)
        #expect(try office.account["owner"]["address"].string == "4 Moroka Road, Rockville")
        #expect(try office.channels == ["KazTimpaPro", "KazAndroid"])
        #expect(try office.told(4) == ["request_opened", "request_visit_needed", "request_visit_done", "channel_opened"])
    }

    /// 200 metres beyond the two accuracies: 235 metres here, and 0.0022 degrees are 245.
    @Test(arguments: [(-26.2421, true), (-26.2422, false)])
    func positionsThatDisagreeDoNotSatisfyIt(_ lat: Double, _ isSatisfied: Bool) throws {
        let ticket = try moved()
        try office.must("visits", ticket, Self.phone, by: office.agent)
        try terminalAnswers(lat: lat)
        let request = try office.show(ticket)
        #expect(request["step"].string == (isSatisfied ? "level_2" : "visit"))
        guard !isSatisfied else { return }
        #expect(request["has_news"].bool == true)
        #expect(try office.told(3).last == "request_visit_failed")
        // The agent comes again.
        try office.must("visits", ticket, Self.phone, by: office.agent)
        try terminalAnswers(lat: -26.2400)
        #expect(try office.show(ticket)["step"].string == "level_2")
    }

    @Test func aTerminalThatDoesNotAnswerLeavesItWaiting() throws {
        let ticket = try moved()
        try office.must("visits", ticket, Self.phone, by: office.agent)
        try office.pass(.seconds(3601))
        let request = try office.show(ticket)
        #expect(request["step"].string == "visit" && request["has_news"].bool == true)
        #expect(request["entries"].array.last?["action"].string == "visit_settled")
    }

    @Test func aVisitByItselfEndsWithThePosition() throws {
        let ticket = try office.ticket(office.open("geolocation_visit", source: "phone"))
        try office.must("visits", ticket, Self.phone, by: office.agent)
        try terminalAnswers(lat: -26.2400)
        #expect(try office.show(ticket)["outcome"].string == "located")
        #expect(try office.told(2) == ["request_visit_planned", "request_visit_recorded"])
    }

    /// Withdrawn while the terminal was asked: its answer moves nothing.
    @Test func anAnswerAfterTheEndMovesNothing() throws {
        let ticket = try moved()
        try office.must("visits", ticket, Self.phone, by: office.agent)
        try office.must("withdrawal", ticket)
        try terminalAnswers(lat: -26.2400)
        let request = try office.show(ticket)
        #expect(request["outcome"].string == "withdrawn" && request["entries"].array.last?["action"].string == "withdrawal")
    }

    @Test func refusesATerminalOfAnotherAccount() throws {
        let ticket = try moved()
        let stranger = try TestTerminal.enrolled(office.admin)
        let body = #"{"imei":"\#(stranger.imei)","phone":{"lat":-26.24,"lon":27.9,"accuracy_m":15}}"#
        expectProblem(try office.step("visits", ticket, body, by: office.agent), 409, "device_of_other_account")
    }
}
