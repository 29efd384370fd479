import Signing
import TestSupport
import Testing
import Wire

@Suite struct EnrolmentTests {
    @Test func enrolsOnceAndAnswersTheKeysThatSignLeases() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let terminal = try TestTerminal(server: api)
        try api.addDevice(terminal.imei, account: reference)
        let reply = try terminal.enrol(code: api.enrolmentCode(for: terminal.imei))
        #expect(reply.status == 201)
        #expect(reply.json["imei"].string == terminal.imei)
        #expect(reply.json["account"].string == reference)
        let key = reply.json["keys"]["keys"][0]
        #expect(key["kty"].string == "OKP" && key["crv"].string == "Ed25519")
        #expect(!key.has("d"), "a private key never leaves the server")
        #expect(key["kid"].string == terminal.serverKeys.first?.thumbprint)
        #expect(try terminal.connect().locked == false)
        let notes = try api.get("/v1/accounts/\(reference)/notes").json["notes"].array
        #expect(notes.contains { $0["kind"].string == "enrolled" && $0["text"].string?.contains(terminal.imei) == true })
    }

    @Test func answersNoAccountForADeviceThatIsRegisteredNowhere() throws {
        let api = try Shared.api
        let terminal = try TestTerminal(server: api)
        try api.addDevice(terminal.imei)
        #expect(try terminal.enrol(code: api.enrolmentCode(for: terminal.imei)).json.has("account") == false)
    }

    @Test func takesACodeAsAPersonTypesIt() throws {
        let api = try Shared.api
        let terminal = try TestTerminal(server: api)
        try api.addDevice(terminal.imei)
        let code = try api.enrolmentCode(for: terminal.imei)
        #expect(try terminal.enrol(code: " " + code.lowercased().replacing("-", with: " ")).status == 201)
    }

    @Test func refusesACodeThatWasUsed() throws {
        let api = try Shared.api
        let terminal = try TestTerminal(server: api)
        try api.addDevice(terminal.imei)
        let code = try api.enrolmentCode(for: terminal.imei)
        #expect(try terminal.enrol(code: code).status == 201)
        expectProblem(try terminal.enrol(code: code), 403, "enrolment_code_used")
    }

    @Test func refusesACodeThatIsNotKnown() throws {
        let api = try Shared.api
        let terminal = try TestTerminal(server: api)
        try api.addDevice(terminal.imei)
        expectProblem(try terminal.enrol(code: "0000-0000-0000"), 403, "enrolment_code_unknown")
        expectProblem(try terminal.enrol(code: ""), 403, "enrolment_code_unknown")
        #expect(try api.get("/v1/devices/\(terminal.imei)").json["enrolled"].bool == false)
    }

    @Test func refusesACodeOfAnotherDeviceAndLeavesItGood() throws {
        let api = try Shared.api
        let thief = try TestTerminal(server: api)
        let owner = try TestTerminal(server: api)
        try api.addDevice(thief.imei)
        try api.addDevice(owner.imei)
        let code = try api.enrolmentCode(for: owner.imei)
        expectProblem(try thief.enrol(code: code), 403, "enrolment_code_foreign")
        #expect(try owner.enrol(code: code).status == 201)
    }

    @Test(arguments: [(Duration.seconds(24 * 3600 - 1), true), (.seconds(24 * 3600), false), (.seconds(48 * 3600), false)])
    func takesACodeFor24Hours(_ age: Duration, _ isGood: Bool) throws {
        let server = try InProcess()
        let terminal = try TestTerminal(server: server.api)
        try server.api.addDevice(terminal.imei)
        let issued = try server.api.must(201, "POST", "/v1/devices/\(terminal.imei)/enrolment-codes")
        #expect(issued["expires_at"].string == server.clock.now.adding(.seconds(24 * 3600)).description)
        server.clock.advance(by: age)
        let reply = try terminal.enrol(code: issued["code"].string ?? "")
        if isGood { #expect(reply.status == 201) } else { expectProblem(reply, 403, "enrolment_code_expired") }
    }

    @Test func refusesAnotherKeyForAnEnrolledIMEIAndNotesIt() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let terminal = try TestTerminal.connected(api, account: reference)
        let thief = try TestTerminal(terminal.imei, server: api)
        let reply = try thief.enrol(code: api.enrolmentCode(for: terminal.imei))
        expectProblem(reply, 409, "already_enrolled")
        let newest = try api.get("/v1/accounts/\(reference)/notes").json["notes"][0]
        #expect(newest["kind"].string == "enrolment_refused")
        #expect(newest["text"].string?.contains(terminal.imei) == true)
        // The key that was there first is still the one.
        #expect(try terminal.connect().locked == false)
        expectProblem(try thief.connectReply(token: thief.token(thief.goodClaims()), nonce: "n"), 401, "unauthorized")
    }

    private static let badKeys = [
        #"{"kty":"OKP","crv":"Ed25519","x":""}"#, #"{"kty":"OKP","crv":"Ed25519","x":"AAAA"}"#, #"{"kty":"OKP","crv":"X25519","x":"KEY"}"#,
        #"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, #"{"kty":"EC","crv":"P-256","x":"KEY","y":"KEY"}"#, #"{"kty":"OKP","crv":"Ed25519","x":"KEY="}"#,
        #"{"kty":"OKP","crv":"Ed25519"}"#, #"{"kty":"oct","k":"KEY"}"#, "{}", "null", #""KEY""#,
    ]

    @Test(arguments: badKeys) func refusesAKeyThatIsNone(_ key: String) throws {
        let api = try Shared.api
        let terminal = try TestTerminal(server: api)
        try api.addDevice(terminal.imei)
        let code = try api.enrolmentCode(for: terminal.imei)
        let reply = try terminal.enrol(code: code, publicKey: key.replacing("KEY", with: Base64URL.encode(terminal.key.publicBytes)))
        #expect(reply.status == 400, "\(reply.text)")
        expectProblemForm(reply)
        #expect(try terminal.enrol(code: code).status == 201, "the code was not spent on it")
    }

    @Test func refusesAnUnknownChannel() throws {
        let api = try Shared.api
        let terminal = try TestTerminal(on: "KazNothing", server: api)
        try api.addDevice(terminal.imei)
        expectProblem(try terminal.enrol(code: api.enrolmentCode(for: terminal.imei)), 400, "unknown_channel")
    }

    @Test func issuesACodeAlsoWhenTheClientSendsAnEmptyObject() throws {
        let api = try Shared.api
        let imei = Names.imei()
        try api.addDevice(imei)
        #expect(try api.post("/v1/devices/\(imei)/enrolment-codes", "{}").status == 201)
        expectProblem(try api.post("/v1/devices/\(Names.imei())/enrolment-codes"), 404, "device_not_found")
    }
}
