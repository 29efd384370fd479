import TestSupport
import Testing
import Wire

/// Taking an unregistered device off the account that it signed in to.
@Suite struct SignInTests {
    private static let note = #"{"note":"lost on the train"}"#

    @Test func freesTheSeatOfALostDevice() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let lost = try TestTerminal.connected(api, claims: reference)
        let other = try TestTerminal.enrolled(api, claims: reference)
        #expect(try other.connect().reasons == ["too_many_devices"])
        let parked = try other.startPoll(after: other.poll(after: nil).rev)
        let before = try api.get("/v1/accounts/\(reference)").json["revision"].integer ?? 0

        let device = try api.must(200, "DELETE", "/v1/devices/\(lost.imei)/sign-in", Self.note)
        #expect(!device.has("claimed_account"))
        #expect((device["revision"].integer ?? 0) > before)
        let account = try api.get("/v1/accounts/\(reference)").json
        #expect((account["revision"].integer ?? 0) > before)
        #expect(account["devices"].array.map { $0["imei"].string } == [other.imei])
        let notes = try api.get("/v1/accounts/\(reference)/notes").json["notes"].array
        let note = try #require(notes.first { $0["kind"].string == "signed_out" })
        #expect(note["text"].string?.contains(lost.imei) == true && note["text"].string?.contains("lost on the train") == true)
        #expect(note["actor"].string?.hasPrefix("token:") == true)

        // The one that waited for the seat is told at once, connects, and has it.
        _ = try parked.connection.reply()
        #expect(try other.connect().locked == false)
        #expect(try lost.pollReply(after: 0).status == 401)
        #expect(try lost.connect().reasons == ["too_many_devices"])
    }

    @Test func wakesTheDeviceItself() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let device = try TestTerminal.connected(api, claims: reference)
        let parked = try device.startPoll(after: device.poll(after: nil).rev)
        try api.must(200, "DELETE", "/v1/devices/\(device.imei)/sign-in", Self.note)
        #expect(try parked.connection.reply().status == 401)
    }

    @Test func refusesADeviceThatIsNotSignedIn() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let registered = Names.imei()
        let idle = Names.imei()
        try api.addDevice(registered, account: reference)
        try api.addDevice(idle)
        for imei in [registered, idle] { expectProblem(try api.delete("/v1/devices/\(imei)/sign-in", Self.note), 409, "not_signed_in") }
        expectProblem(try api.delete("/v1/devices/\(Names.imei())/sign-in", Self.note), 404, "device_not_found")
        expectProblem(try api.delete("/v1/devices/\(idle)/sign-in", #"{"note":"  "}"#), 400, "text_required")
    }

    @Test(arguments: ["call_centre", "field_agent", "auditor", "switch"]) func isForSeniorsOnly(_ role: String) throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let device = try TestTerminal.connected(api, claims: reference)
        let caller = try api.issueToken(role: role, name: "sign-out-\(reference)")
        expectProblem(try caller.delete("/v1/devices/\(device.imei)/sign-in", Self.note), 403, "role_may_not")
        #expect(try api.get("/v1/devices/\(device.imei)").json["claimed_account"].string == reference)
        let senior = try api.issueToken(role: "senior", name: "sign-out-senior-\(reference)")
        #expect(try senior.delete("/v1/devices/\(device.imei)/sign-in", Self.note).status == 200)
    }
}
