import TestSupport
import Testing
import Wire

/// Taking a terminal out of service.
@Suite struct DecommissionTests {
    private static let note = #"{"note":"water damage"}"#

    @Test(arguments: [true, false]) func locksAConnectedTerminalAtOnce(_ isRegistered: Bool) throws {
        let server = try InProcess()
        let api = server.api
        try api.addAccount("ACC-GONE")
        let terminal = try TestTerminal.enrolled(api, account: isRegistered ? "ACC-GONE" : nil, claims: isRegistered ? nil : "ACC-GONE")
        #expect(try terminal.connect().locked == false)
        let before = try terminal.poll(after: nil)
        #expect(!before.locked)
        let parked = try terminal.startPoll(after: before.rev)
        try api.waitForParked(1)
        let device = try api.must(200, "POST", "/v1/devices/\(terminal.imei)/decommission", Self.note)
        #expect(device["decommissioned"].bool == true)
        let after = try terminal.lease(parked)
        #expect(after.reasons == ["device_decommissioned"])
        #expect(after.rev > before.rev && after.rev == device["revision"].integer)
        // And it stays so: after a new connection, and for the switch.
        #expect(try terminal.connect().reasons == ["device_decommissioned"])
        let answer = try api.must(
            200, "POST", "/v1/authorizations",
            #"{"account":"ACC-GONE","imei":"\#(terminal.imei)","channel":"KazTimpaPro","operation":"airtime_vend","amount_cents":100}"#)
        #expect(answer["permitted"].bool == false && answer["reason"].string == "device_decommissioned")
    }

    @Test func givesItsPlaceToTheNext() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let first = try TestTerminal.connected(api, account: reference)
        let second = try TestTerminal.connected(api, account: reference)
        let before = try second.poll(after: nil)
        #expect(before.reasons == ["too_many_devices"])
        let parked = try second.startPoll(after: before.rev)
        let revision = try api.must(200, "POST", "/v1/devices/\(first.imei)/decommission", Self.note)["revision"].integer
        let after = try second.lease(parked)
        #expect(!after.locked && after.rev > before.rev)
        let account = try api.get("/v1/accounts/\(reference)").json
        #expect(account["revision"].integer == revision)
        #expect(account["devices"].array.map { $0["imei"].string } == [second.imei])
    }

    @Test func notesItOnTheAccountToo() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let imei = Names.imei()
        try api.addDevice(imei, account: reference)
        let senior = try api.issueToken(role: "senior", name: "parts-\(reference)")
        try senior.must(200, "POST", "/v1/devices/\(imei)/decommission", Self.note)
        let note = try api.get("/v1/accounts/\(reference)/notes").json["notes"][0]
        #expect(note["kind"].string == "device_decommissioned")
        #expect(note["text"].string == "Device \(imei) taken out of service: water damage")
        #expect(note["actor"].string == "token:parts-\(reference)" && note["role"].string == "senior")
    }

    @Test func refusesARepeatAndWhatHasNoReason() throws {
        let api = try Shared.api
        let imei = Names.imei()
        try api.addDevice(imei)
        let path = "/v1/devices/\(imei)/decommission"
        expectProblem(try api.post(path, #"{"note":" "}"#), 400, "text_required")
        #expect(try api.get("/v1/devices/\(imei)").json["decommissioned"].bool == false)
        let revision = try api.must(200, "POST", path, Self.note)["revision"].integer
        expectProblem(try api.post(path, Self.note), 409, "already_decommissioned")
        #expect(try api.get("/v1/devices/\(imei)").json["revision"].integer == revision)
        expectProblem(try api.post("/v1/devices/\(Names.imei())/decommission", Self.note), 404, "device_not_found")
    }
}
