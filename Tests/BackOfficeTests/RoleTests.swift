import TestSupport
import Testing

@Suite struct RoleTests {
    private static let roles = ["call_centre", "senior", "field_agent", "auditor", "switch", "admin"]
    private static let everybodyHere: Set<String> = ["call_centre", "senior", "field_agent", "auditor", "admin"]
    private static let desk: Set<String> = ["call_centre", "senior", "admin"]
    private static let lockers: Set<String> = ["call_centre", "senior", "field_agent", "admin"]
    private static let seniors: Set<String> = ["senior", "admin"]

    /// Method, path, body, and who may. `REF`, `HOLD`, `IMEI`, `DEVHOLD`, `ENROLLED` stand for what the test makes.
    private static let table: [(String, String, String?, Set<String>)] = [
        ("POST", "/v1/accounts", #"{"reference":"NEW","owner":{"name":"N"}}"#, desk),
        ("GET", "/v1/accounts", nil, everybodyHere),
        ("GET", "/v1/accounts/REF", nil, everybodyHere),
        ("PATCH", "/v1/accounts/REF", #"{"language":"en"}"#, desk),
        ("PATCH", "/v1/accounts/REF", #"{"linked_number":"+27710000009"}"#, seniors),
        ("POST", "/v1/accounts/REF/holds", #"{"kind":"staff","reason":"r"}"#, lockers),
        ("DELETE", "/v1/accounts/REF/holds/HOLD", #"{"note":"n"}"#, seniors),
        ("PUT", "/v1/accounts/REF/locked-channels", #"{"channels":["KazTimpaPro"],"ticket":"T"}"#, seniors),
        ("GET", "/v1/accounts/REF/notes", nil, everybodyHere),
        ("POST", "/v1/accounts/REF/notes", #"{"text":"t"}"#, lockers),
        ("GET", "/v1/accounts/REF/locks", nil, everybodyHere),
        ("POST", "/v1/devices", #"{"imei":"NEW"}"#, lockers),
        ("GET", "/v1/devices", nil, everybodyHere),
        ("GET", "/v1/devices/IMEI", nil, everybodyHere),
        ("GET", "/v1/devices/IMEI/events", nil, everybodyHere),
        ("GET", "/v1/devices/IMEI/locations", nil, everybodyHere),
        ("GET", "/v1/visits", nil, everybodyHere),
        ("POST", "/v1/devices/ENROLLED/location-requests", nil, ["field_agent", "senior", "admin"]),
        ("POST", "/v1/devices/IMEI/enrolment-codes", nil, ["field_agent", "senior", "admin"]),
        ("DELETE", "/v1/devices/ENROLLED/enrolment", #"{"note":"n"}"#, seniors),
        ("POST", "/v1/devices/ENROLLED/decommission", #"{"note":"n"}"#, seniors),
        ("POST", "/v1/devices/IMEI/move", #"{"account":"OTHER","note":"n"}"#, seniors),
        ("POST", "/v1/devices/IMEI/holds", #"{"kind":"staff","reason":"r"}"#, lockers),
        ("DELETE", "/v1/devices/IMEI/holds/DEVHOLD", #"{"note":"n"}"#, seniors),
        (
            "POST", "/v1/authorizations", #"{"account":"REF","imei":"IMEI","channel":"KazTimpaPro","operation":"sync","amount_cents":0}"#,
            ["switch", "admin"]
        ),
        ("POST", "/v1/tokens", #"{"role":"auditor","name":"NEW"}"#, ["admin"]),
        ("GET", "/v1/tokens", nil, ["admin"]),
        ("DELETE", "/v1/tokens/TOKEN", nil, ["admin"]),
        ("GET", "/v1/notes", nil, ["auditor", "admin"]),
        ("POST", "/v1/users", #"{"role":"auditor","name":"u-NEW"}"#, ["admin"]),
        ("GET", "/v1/users", nil, ["auditor", "admin"]),
        ("PATCH", "/v1/users/USER", #"{"role":"auditor"}"#, ["admin"]),
        ("POST", "/v1/users/USER/password-reset", "{}", ["admin"]),
        ("POST", "/v1/accounts/REF/closure", #"{"note":"n"}"#, seniors),
        ("DELETE", "/v1/accounts/REF/closure", #"{"note":"n"}"#, seniors),
        ("GET", "/v1/accounts/import", nil, ["admin"]), ("GET", "/v1/audit", nil, ["auditor", "admin"]),
        ("GET", "/v1/accounts/export?limit=1", nil, ["auditor", "admin"]),
    ]

    @Test(arguments: roles) func mayDoWhatItsRoleMayAndNothingElse(_ role: String) throws {
        let api = try Shared.api
        let reference = Names.reference()
        let imei = Names.imei()
        let name = "role-\(reference)"
        try api.addAccount(reference)
        try api.addDevice(imei, account: reference)
        let other = Names.reference()
        try api.addAccount(other)
        let caller = try api.issueToken(role: role, name: name)
        let enrolled = try TestTerminal.enrolled(api).imei
        for (method, path, body, allowed) in Self.table {
            let hold = try api.lock(reference)
            let deviceHold = try api.must(201, "POST", "/v1/devices/\(imei)/holds", #"{"kind":"staff","reason":"r"}"#)["id"].string ?? ""
            _ = try? api.issueToken(role: "auditor", name: "token-\(reference)")
            if path.contains("USER") { _ = try api.post("/v1/users", #"{"role":"auditor","name":"u-\#(reference)"}"#) }
            let fresh = path == "/v1/devices" ? Names.imei() : Names.reference()
            func filled(_ text: String) -> String {
                text.replacing("DEVHOLD", with: deviceHold).replacing("HOLD", with: hold).replacing("REF", with: reference)
                    .replacing("OTHER", with: other).replacing("IMEI", with: imei).replacing("ENROLLED", with: enrolled)
                    .replacing("USER", with: "u-\(reference)").replacing("TOKEN", with: "token-\(reference)").replacing("NEW", with: fresh)
            }
            let reply = try caller.call(method, filled(path), body.map(filled))
            if allowed.contains(role) {
                #expect((200...202).contains(reply.status), "\(role) \(method) \(path): \(reply.text)")
            } else {
                #expect(reply.status == 403 && reply.code == "role_may_not", "\(role) \(method) \(path): \(reply.status)")
                expectProblemForm(reply)
            }
            // What was refused was not done.
            if !allowed.contains(role), method == "DELETE", path.contains("HOLD") {
                #expect(try api.get("/v1/accounts/\(reference)").json["holds"].array.contains { $0["id"].string == hold })
            }
        }
    }

    @Test(arguments: [nil, "", "vl_", "vl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "admin", "Bearer x"]) func refusesWhoHasNoToken(_ token: String?) throws
    {
        for (method, path, body, _) in Self.table {
            let reply = try Shared.api.with(token: token).call(
                method, path.replacing("REF", with: "ACC-NONE").replacing("IMEI", with: Names.imei()).replacing("ENROLLED", with: Names.imei()), body)
            expectProblem(reply, 401, "unauthorized")
            #expect(reply.header("WWW-Authenticate")?.hasPrefix("Bearer") == true)
        }
    }

    @Test func refusesACredentialOfAnotherScheme() throws {
        let api = try Shared.api
        for header in [
            "Authorization: Basic \(api.token!)", "Authorization: \(api.token!)", "Authorization: bearer\(api.token!)",
            "Cookie: session=\(api.token!)",
        ] {
            #expect(try api.with(token: nil).call("GET", "/v1/accounts", headers: [header]).status == 401)
        }
        // RFC 9110 section 11.1: the scheme's case does not count.
        #expect(try api.with(token: nil).call("GET", "/v1/accounts", headers: ["authorization: BEARER \(api.token!)"]).status == 200)
    }

    @Test func refusesARevokedTokenAtOnceAndAfterARestart() throws {
        let server = try ServerProcess()
        let desk = try server.api.issueToken(role: "call_centre", name: "desk")
        let other = try server.api.issueToken(role: "call_centre", name: "other")
        #expect(try desk.get("/v1/accounts").status == 200)
        let list = try server.api.must(200, "DELETE", "/v1/tokens/desk")
        #expect(try desk.get("/v1/accounts").status == 401)
        #expect(try other.get("/v1/accounts").status == 200)
        #expect(list["tokens"].array.first { $0["name"].string == "desk" }?.has("revoked_at") == true)
        #expect(!(try server.api.get("/v1/tokens").text.contains(desk.token!)), "a token is shown once")
        expectProblem(try server.api.delete("/v1/tokens/desk"), 404, "token_not_found")
        try server.kill()
        let next = try server.successor()
        #expect(try next.api.with(token: desk.token).get("/v1/accounts").status == 401)
        #expect(try next.api.with(token: other.token).get("/v1/accounts").status == 200)
    }

    @Test(arguments: [(#"{"role":"boss","name":"n"}"#, 400), (#"{"role":"admin"}"#, 400), (#"{"role":"admin","name":""}"#, 400)])
    func refusesABadToken(_ body: String, _ status: Int) throws {
        let reply = try Shared.api.post("/v1/tokens", body)
        #expect(reply.status == status)
        expectProblemForm(reply)
    }

    @Test func refusesTwoTokensOfOneName() throws {
        let name = "twice-\(Names.reference())"
        _ = try Shared.api.issueToken(role: "auditor", name: name)
        expectProblem(try Shared.api.post("/v1/tokens", #"{"role":"admin","name":"\#(name)"}"#), 409, "token_exists")
    }
}
