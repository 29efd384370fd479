import TestSupport
import Testing
import Wire

/// A terminal that lost its key: its old enrolment is ended, and it enrols anew.
@Suite struct EnrolmentEndTests {
    private static let note = #"{"note":"new board, case 17"}"#

    @Test func letsADeviceEnrolWithANewKey() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let old = try TestTerminal.connected(api, account: reference)
        let new = try TestTerminal(old.imei, server: api)
        let code = try api.enrolmentCode(for: old.imei)
        expectProblem(try new.enrol(code: code), 409, "already_enrolled")
        let device = try api.must(200, "DELETE", "/v1/devices/\(old.imei)/enrolment", Self.note)
        #expect(device["enrolled"].bool == false && device["account"].string == reference)
        #expect(try new.enrol(code: code).status == 201, "the code was not spent on the refusal")
        #expect(try new.connect().locked == false)
        expectProblem(try old.connectReply(token: old.token(old.goodClaims()), nonce: "n"), 401, "unauthorized")
    }

    @Test func endsTheSessionsOfTheOldKeyAtOnceAndForGood() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let old = try TestTerminal.connected(api, account: reference)
        let parked = try old.startPoll(after: old.poll(after: nil).rev)
        try api.must(200, "DELETE", "/v1/devices/\(old.imei)/enrolment", Self.note)
        expectProblem(try parked.connection.reply(), 401, "session_refused")
        expectProblem(try old.eventsReply([old.event("started")]), 401, "session_refused")
        let new = try TestTerminal(old.imei, server: api)
        #expect(try new.enrol(code: api.enrolmentCode(for: old.imei)).status == 201)
        expectProblem(try old.pollReply(after: 0), 401, "session_refused")
    }

    @Test func keepsHoldsAndTheCountOfEvents() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let old = try TestTerminal.connected(api, account: reference)
        #expect(try old.eventsReply([TestTerminal.event(41, "started")]).json["acknowledged"].integer == 41)
        try api.must(201, "POST", "/v1/devices/\(old.imei)/holds", #"{"kind":"staff","reason":"stolen"}"#)
        let before = try old.poll(after: 0)
        try api.must(200, "DELETE", "/v1/devices/\(old.imei)/enrolment", Self.note)
        let new = try TestTerminal(old.imei, server: api)
        #expect(try new.enrol(code: api.enrolmentCode(for: old.imei)).status == 201)
        let lease = try new.connect()
        #expect(lease.reasons == ["device_locked"] && lease.rev >= before.rev)
        #expect(try new.eventsReply([TestTerminal.event(1, "started")]).json["acknowledged"].integer == 41, "an old number is not a new event")
    }

    @Test func notesItOnTheAccountToo() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let terminal = try TestTerminal.connected(api, claims: reference)
        let senior = try api.issueToken(role: "senior", name: "reset-\(reference)")
        try senior.must(200, "DELETE", "/v1/devices/\(terminal.imei)/enrolment", Self.note)
        let note = try api.get("/v1/accounts/\(reference)/notes").json["notes"][0]
        #expect(note["kind"].string == "enrolment_ended")
        #expect(note["text"].string == "Enrolment of device \(terminal.imei) ended: new board, case 17")
        #expect(note["actor"].string == "token:reset-\(reference)" && note["role"].string == "senior")
    }

    @Test func refusesWhatIsNotEnrolledOrHasNoReason() throws {
        let api = try Shared.api
        let terminal = try TestTerminal.enrolled(api)
        let idle = Names.imei()
        try api.addDevice(idle)
        expectProblem(try api.delete("/v1/devices/\(idle)/enrolment", Self.note), 409, "not_enrolled")
        expectProblem(try api.delete("/v1/devices/\(Names.imei())/enrolment", Self.note), 404, "device_not_found")
        expectProblem(try api.delete("/v1/devices/\(terminal.imei)/enrolment", #"{"note":" "}"#), 400, "text_required")
        #expect(try api.get("/v1/devices/\(terminal.imei)").json["enrolled"].bool == true)
    }
}
