import TestSupport
import Testing
import Wire

@Suite struct UserTests {
    @Test(arguments: ["", "a", "1abc", "has space", "über", "x/y", String(repeating: "a", count: 33), "a\\u0000b", "user:thandi"])
    func refusesWhatIsNoName(_ name: String) throws {
        expectProblem(try Shared.api.post("/v1/users", #"{"name":"\#(name)","role":"senior"}"#), 400, "invalid_user_name")
    }

    @Test(arguments: [
        #"{"name":"abc"}"#, #"{"name":"abc","role":"boss"}"#, #"{"role":"senior"}"#, "[]", #"{"name":"abc","role":"senior","password":7}"#,
    ])
    func refusesABodyOfAnotherShape(_ body: String) throws {
        expectProblem(try Shared.api.post("/v1/users", body), 400, "invalid_body")
    }

    @Test func listsUsersWithoutSecrets() throws {
        let office = try StaffOffice()
        let setup = try office.add("thandi", "senior")
        try office.add("abel", "field_agent")
        let reply = try office.admin.get("/v1/users")
        #expect(reply.json["users"].array.map { $0["name"].string } == ["abel", "thandi"])
        #expect(reply.json["users"].array.map { $0["role"].string } == ["field_agent", "senior"])
        for secret in [setup, "scrypt", "setup_password"] { #expect(!reply.text.contains(secret)) }
    }

    @Test func saysThatThereIsNoSuchUser() throws {
        let api = try Shared.api
        expectProblem(try api.patch("/v1/users/nobody-here", #"{"disabled":true}"#), 404, "user_not_found")
        expectProblem(try api.post("/v1/users/nobody-here/password-reset", "{}"), 404, "user_not_found")
    }

    @Test func nobodyChangesThemselves() throws {
        let office = try StaffOffice()
        let member = try office.settled("sizwe", "admin")
        for (method, path, body) in [
            ("PATCH", "/v1/users/sizwe", #"{"role":"auditor"}"#), ("PATCH", "/v1/users/SIZWE", #"{"disabled":true}"#),
            ("POST", "/v1/users/sizwe/password-reset", #"{"totp":true}"#),
        ] { expectProblem(try member.call(method, path, body), 409, "same_person") }
        #expect(try member.isIn)
        #expect(try office.notes("user_change_refused").map { $0["actor"].string } == ["user:sizwe", "user:sizwe"])
        #expect(try office.notes("user_change_refused").map { $0["count"].integer ?? 1 } == [1, 2])
        // Another administrator may.
        let other = try office.settled("lerato", "admin")
        #expect(try other.must(200, "PATCH", "/v1/users/sizwe", #"{"role":"auditor"}"#)["role"].string == "auditor")
        #expect(try !member.isIn)
    }

    @Test func aSessionMayWhatItsRoleMay() throws {
        let office = try StaffOffice()
        let member = try office.settled("sizwe", "senior")
        let reference = Names.reference()
        #expect(try member.call("POST", "/v1/accounts", #"{"reference":"\#(reference)","owner":{"name":"N"}}"#).status == 201)
        let hold = try member.must(201, "POST", "/v1/accounts/\(reference)/holds", #"{"kind":"staff","reason":"r"}"#)["id"].string ?? ""
        #expect(try member.call("DELETE", "/v1/accounts/\(reference)/holds/\(hold)", #"{"note":"n"}"#).status == 200)
        for path in ["/v1/tokens", "/v1/users", "/v1/notes"] { expectProblem(try member.call("GET", path), 403, "role_may_not") }
    }
}
