import TestSupport
import Testing
import Wire

@Suite struct StaffCodeTests {
    @Test(arguments: ["senior", "admin"]) func whoDecidesDoesNothingBeforeCodesAreSetUp(_ role: String) throws {
        let office = try StaffOffice()
        let member = try office.member("sizwe", role)
        #expect(try member.must(200, "GET", "/v1/sessions/current")["totp_required"].bool == true)
        expectProblem(try member.call("GET", "/v1/accounts"), 403, "totp_required")
        expectProblem(try member.call("POST", "/v1/accounts", "{}"), 403, "totp_required")
        let setup = try member.must(200, "POST", "/v1/users/sizwe/totp", "{}")
        let secret = setup["secret"].string ?? ""
        #expect(secret.utf8.count == 32 && setup["confirmed"].bool == false)
        #expect(
            setup["otpauth_uri"].string
                == "otpauth://totp/vendlock:sizwe?secret=\(secret)&issuer=vendlock&algorithm=SHA1&digits=6&period=30")
        expectProblem(try member.call("GET", "/v1/accounts"), 403, "totp_required")
        var phone = member
        phone.secret = secret
        let confirmed = try member.must(200, "POST", "/v1/users/sizwe/totp", #"{"code":"\#(office.code(phone))"}"#)
        #expect(confirmed["confirmed"].bool == true && !confirmed.has("secret"), "shown once")
        #expect(try member.call("GET", "/v1/accounts").status == 200)
        #expect(try member.must(200, "GET", "/v1/sessions/current")["totp_required"].bool == false)
        let user = try office.admin.must(200, "GET", "/v1/users")["users"][0]
        #expect(user["totp_since"].string == office.clock.now.description && !user.has("secret"))
    }

    @Test func aSignInTakesACodeAndACodeWorksOnce() throws {
        let office = try StaffOffice()
        let member = try office.settled("sizwe", "senior")
        expectProblem(try office.signInReply("sizwe", StaffOffice.password), 401, "sign_in_refused")
        expectProblem(try office.signInReply("sizwe", StaffOffice.password, code: office.code(member)), 401, "sign_in_refused")
        office.clock.advance(by: .seconds(30))
        expectProblem(try office.signInReply("sizwe", "wrong", code: office.code(member)), 401, "sign_in_refused")
        let code = try office.code(member)
        #expect(try office.signInReply("sizwe", StaffOffice.password, code: code).status == 201, "a wrong password used up no code")
        expectProblem(try office.signInReply("sizwe", StaffOffice.password, code: code), 401, "sign_in_refused")
        // The one before is not good any more either, though the clocks may differ by it.
        expectProblem(try office.signInReply("sizwe", StaffOffice.password, code: office.code(member, steps: -1)), 401, "sign_in_refused")
        let next = try office.signInReply("sizwe", StaffOffice.password, code: office.code(member, steps: 1))
        #expect(next.status == 201 && next.json["totp_required"].bool == false)
        #expect(try office.notes("signed_in").first?["text"].string == "Signed in with a password and a one-time code.")
    }

    @Test(arguments: ["", "000000", "12345", "abcdef", "1234567"]) func aWrongFirstCodeSetsNothingUp(_ code: String) throws {
        let office = try StaffOffice()
        let member = try office.member("sizwe", "senior")
        expectProblem(try member.call("POST", "/v1/users/sizwe/totp", #"{"code":"\#(code)"}"#), 409, "totp_not_begun")
        _ = try member.must(200, "POST", "/v1/users/sizwe/totp", "{}")
        expectProblem(try member.call("POST", "/v1/users/sizwe/totp", #"{"code":"\#(code)"}"#), 403, "code_wrong")
        expectProblem(try member.call("GET", "/v1/accounts"), 403, "totp_required")
        #expect(try office.notes("totp_refused").count == 1)
    }

    @Test func aSecondSecretTakesTheFirstOnesPlaceUntilOneIsConfirmed() throws {
        let office = try StaffOffice()
        var member = try office.member("sizwe", "senior")
        member.secret = try member.must(200, "POST", "/v1/users/sizwe/totp")["secret"].string
        let first = try office.code(member)
        member.secret = try member.must(200, "POST", "/v1/users/sizwe/totp")["secret"].string
        let second = try office.code(member)
        if first != second {
            expectProblem(try member.call("POST", "/v1/users/sizwe/totp", #"{"code":"\#(first)"}"#), 403, "code_wrong")
        }
        _ = try member.must(200, "POST", "/v1/users/sizwe/totp", #"{"code":"\#(second)"}"#)
        // A stolen session must not bring a telephone of its own.
        expectProblem(try member.call("POST", "/v1/users/sizwe/totp", "{}"), 409, "totp_confirmed")
        expectProblem(try member.call("POST", "/v1/users/sizwe/totp", #"{"code":"\#(second)"}"#), 409, "totp_confirmed")
    }

    @Test func eachSetsUpTheirOwn() throws {
        let office = try StaffOffice()
        let member = try office.member("sizwe", "senior")
        try office.add("thandi", "senior")
        expectProblem(try member.call("POST", "/v1/users/thandi/totp", "{}"), 403, "role_may_not")
        expectProblem(try office.admin.post("/v1/users/thandi/totp", "{}"), 401, "unauthorized")
        #expect(try office.notes("request_refused").count == 1)
        // And only with a password of their own.
        let fresh = try office.signIn("thandi", office.admin.must(200, "POST", "/v1/users/thandi/password-reset")["setup_password"].string ?? "")
        expectProblem(try fresh.call("POST", "/v1/users/thandi/totp", "{}"), 403, "password_change_required")
    }

    @Test func aResetKeepsCodesUnlessTheTelephoneIsLost() throws {
        let office = try StaffOffice()
        let member = try office.settled("sizwe", "senior")
        let kept = try office.admin.must(200, "POST", "/v1/users/sizwe/password-reset", "{}")
        #expect(kept.has("totp_since"))
        let setup = kept["setup_password"].string ?? ""
        #expect(try office.signInReply("sizwe", setup).status == 401)
        office.clock.advance(by: .seconds(30))
        #expect(try office.signInReply("sizwe", setup, code: office.code(member)).status == 201)
        let reset = try office.admin.must(200, "POST", "/v1/users/sizwe/password-reset", #"{"totp":true}"#)
        #expect(!reset.has("totp_since"))
        let anew = try office.signIn("sizwe", reset["setup_password"].string ?? "")
        #expect(try anew.must(200, "GET", "/v1/sessions/current")["totp_required"].bool == true)
    }

    @Test func aNewRoleThatDecidesNeedsCodes() throws {
        let office = try StaffOffice()
        _ = try office.member("thandi", "call_centre")
        _ = try office.admin.must(200, "PATCH", "/v1/users/thandi", #"{"role":"senior"}"#)
        expectProblem(try office.signIn("thandi").call("GET", "/v1/accounts"), 403, "totp_required")
    }
}
