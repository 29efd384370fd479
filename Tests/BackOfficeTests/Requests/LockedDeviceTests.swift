import Testing
import TestSupport
import Wire

/// A device that came back locked: its owner alone knows the access code.
@Suite struct LockedDeviceTests {
    private let office: RequestOffice
    private let week = Duration.seconds(7 * 86_400)

    init() throws { office = try RequestOffice() }

    private func found() throws -> String {
        let body = #"{"kind":"locked_device","imei":"\#(office.imei)","source":"in_person","text":"traded in at the depot"}"#
        return try office.ticket(office.desk.must(201, "POST", "/v1/requests", body))
    }

    @Test func goesRoundUntilTheCodeIsRight() throws {
        let ticket = try found()
        #expect(try office.show(ticket)["account"].string == office.reference, "its owner is known from where it is registered")
        #expect(try office.must("letters", ticket, "{}")["step"].string == "awaiting_owner")
        #expect(try office.must("codes", ticket, #"{"code":"4711"}"#)["step"].string == "to_try")
        let wrong = try office.must("attempts", ticket, #"{"opened":false}"#, by: office.agent)
        #expect(wrong["step"].string == "awaiting_owner" && wrong["round"].integer == 2 && !wrong.has("access_code"))
        try office.must("codes", ticket, #"{"code":"4712"}"#)
        let opened = try office.must("attempts", ticket, #"{"opened":true}"#, by: office.agent)
        #expect(opened["outcome"].string == "opened" && !opened.has("access_code"))
        #expect(
            try office.told(5) == ["device_write", "device_answered", "device_wrong_code", "device_answered", "device_opened"])
    }

    @Test func remindsEachWeekAndDatesIt() throws {
        let ticket = try found()
        try office.must("letters", ticket, "{}")
        try office.pass(week - .milliseconds(1))
        #expect(try office.show(ticket)["reminders"].integer == 0)
        for count in 1...3 {
            try office.pass(count == 1 ? .milliseconds(1) : week)
            let request = try office.show(ticket)
            #expect(request["reminders"].integer == Int64(count) && request["step"].string == "awaiting_owner")
            let last = try #require(request["entries"].array.last)
            #expect(last["action"].string == "reminder" && last["at"].string == office.clock.now.description)
        }
        #expect(try office.told(4) == ["device_write", "device_reminder", "device_reminder", "device_reminder"])
        // An answer ends the reminders; a new round begins to count anew.
        try office.must("codes", ticket, #"{"code":"4711"}"#)
        try office.must("attempts", ticket, #"{"opened":false}"#, by: office.agent)
        #expect(try office.show(ticket)["reminders"].integer == 0)
        try office.pass(week)
        #expect(try office.show(ticket)["reminders"].integer == 1)
    }

    /// A secret of the owner's: for those who try it, and in no note.
    @Test func showsTheCodeToThoseWhoTryIt() throws {
        let ticket = try found()
        try office.must("letters", ticket, "{}")
        #expect(try !office.must("codes", ticket, #"{"code":"SECRET-4711"}"#).has("access_code"), "whoever noted it needs it no more")
        #expect(try office.show(ticket, by: office.agent)["access_code"].string == "SECRET-4711")
        #expect(try !office.show(ticket, by: office.desk).has("access_code"))
        let all = try office.admin.get(office.path + "/notes?limit=200").text + office.admin.get("/v1/notes?limit=200").text
        #expect(!all.contains("SECRET-4711"))
    }

    @Test func isGivenUpByASenior() throws {
        let ticket = try found()
        expectProblem(try office.step("giving-up", ticket), 403, "role_may_not")
        #expect(try office.must("giving-up", ticket, by: office.senior)["outcome"].string == "given_up")
    }

    @Test func isOneCaseForADevice() throws {
        let ticket = try found()
        let reply = try office.desk.post("/v1/requests", #"{"kind":"locked_device","imei":"\#(office.imei)","source":"phone"}"#)
        expectProblem(reply, 409, "request_open")
        #expect(reply.text.contains(ticket))
        expectProblem(try office.desk.post("/v1/requests", #"{"kind":"locked_device","source":"phone"}"#), 400, "invalid_request")
        expectProblem(
            try office.desk.post("/v1/requests", #"{"kind":"locked_device","imei":"\#(Names.imei())","source":"phone"}"#), 404, "device_not_found")
    }

    @Test func standsOnTheBoardOfStates() throws {
        func column(_ step: String) throws -> JSONValue? {
            try office.agent.must(200, "GET", "/v1/requests/board?kind=locked_device")["columns"].array.first { $0["step"].string == step }
        }
        let ticket = try found()
        for (step, word, body) in [
            ("found", "letters", "{}"), ("awaiting_owner", "codes", #"{"code":"1"}"#), ("to_try", "attempts", #"{"opened":false}"#),
        ] {
            let here = try #require(try column(step))
            #expect(here["open"].integer == 1 && here["requests"].array.first?["ticket"].string == ticket, "\(step)")
            #expect(here["overdue"].integer == 0)
            try office.must(word, ticket, body, by: office.agent)
        }
        office.clock.advance(by: week + .seconds(1))
        #expect(try column("awaiting_owner")?["overdue"].integer == 1)
        #expect(try column("found")?["open"].integer == 0)
    }
}
