import BackOffice
import TestSupport
import Testing
import Wire

@Suite struct StaffSessionTests {
    @Test func aSessionEndsAfterTwelveHours() throws {
        let office = try StaffOffice()
        let member = try office.member("thandi", "call_centre")
        for _ in 0..<12 {
            #expect(try member.isIn)
            office.clock.advance(by: .seconds(3600) - .milliseconds(1))
        }
        #expect(try member.isIn)
        office.clock.advance(by: .milliseconds(12))
        expectProblem(try member.call("GET", "/v1/accounts"), 401, "unauthorized")
    }

    @Test func aSessionEndsAfterAnHourWithoutUse() throws {
        let office = try StaffOffice()
        let member = try office.member("thandi", "call_centre")
        office.clock.advance(by: .seconds(3600) - .milliseconds(1))
        #expect(try member.isIn, "and it is used again")
        office.clock.advance(by: .seconds(3600) - .milliseconds(1))
        #expect(try member.isIn)
        office.clock.advance(by: .seconds(3600))
        #expect(try !member.isIn)
        try office.office.backOffice.tick()
        let notes = try office.notes("session_ended")
        #expect(notes.count == 1 && notes.first?["actor"].string == "system")
        #expect(notes.first?["text"].string?.contains("'thandi'") == true && notes.first?["text"].string?.contains("without use") == true)
        try office.office.backOffice.tick()
        #expect(try office.notes("session_ended").count == 1)
    }

    @Test func signingOutEndsThatSessionOnly() throws {
        let office = try StaffOffice()
        let first = try office.member("thandi", "call_centre")
        let second = try office.signIn("thandi")
        let reply = try first.call("DELETE", "/v1/sessions/current")
        #expect(reply.status == 200)
        #expect(reply.header("Set-Cookie") == "vendlock_session=; Max-Age=0; HttpOnly; SameSite=Strict; Path=/")
        #expect(try !first.isIn && second.isIn)
    }

    @Test(arguments: [#"{"role":"field_agent"}"#, #"{"disabled":true}"#]) func aChangeOfTheUserEndsTheirSessions(_ patch: String) throws {
        let office = try StaffOffice()
        let member = try office.member("thandi", "call_centre")
        let other = try office.member("pieter", "call_centre")
        // What changes nothing ends nothing.
        _ = try office.admin.must(200, "PATCH", "/v1/users/thandi", #"{"role":"call_centre","disabled":false}"#)
        #expect(try member.isIn)
        _ = try office.admin.must(200, "PATCH", "/v1/users/THANDI", patch)
        #expect(try !member.isIn && other.isIn)
        let note = try #require(try office.notes("user_changed").first)
        #expect(note["text"].string?.contains("1 session ended.") == true && note["actor"].string == "token:admin")
        #expect(try office.notes("user_changed").count == 1)
    }

    @Test func aDisabledUserSignsInAgainWhenEnabled() throws {
        let office = try StaffOffice()
        _ = try office.member("thandi", "call_centre")
        #expect(try office.admin.must(200, "PATCH", "/v1/users/thandi", #"{"disabled":true}"#).has("disabled_at"))
        expectProblem(try office.signInReply("thandi", StaffOffice.password), 401, "sign_in_refused")
        #expect(try !office.admin.must(200, "PATCH", "/v1/users/thandi", #"{"disabled":false}"#).has("disabled_at"))
        #expect(try office.signIn("thandi").isIn)
    }

    @Test func aResetEndsSessionsAndTheOldPassword() throws {
        let office = try StaffOffice()
        let member = try office.member("thandi", "call_centre")
        try office.wrong("thandi", times: 5)
        let reset = try office.admin.must(200, "POST", "/v1/users/thandi/password-reset")
        #expect(reset["password_change_required"].bool == true)
        #expect(try !member.isIn)
        // What was slowed is not: the administrator knows whom they have on the telephone.
        #expect(try office.signInReply("thandi", StaffOffice.password).status == 401)
        #expect(try office.signIn("thandi", reset["setup_password"].string ?? "").isIn)
        #expect(try office.notes("password_reset").first?["text"].string?.contains("1 session ended.") == true)
    }

    @Test func anOwnChangeOfThePasswordEndsTheOtherSessions() throws {
        let office = try StaffOffice()
        let first = try office.member("thandi", "call_centre")
        let second = try office.signIn("thandi")
        let body = #"{"old":"\#(StaffOffice.password)","new":"quite another sentence"}"#
        #expect(try second.call("POST", "/v1/sessions/current/password", body).status == 200)
        #expect(try !first.isIn && second.isIn)
        #expect(try office.signInReply("thandi", StaffOffice.password).status == 401)
        #expect(try office.signIn("thandi", "quite another sentence").isIn)
    }

    @Test func aWrongOldPasswordChangesNothingAndIsCounted() throws {
        let office = try StaffOffice()
        let member = try office.member("thandi", "call_centre")
        let path = "/v1/sessions/current/password"
        for _ in 0..<5 {
            expectProblem(try member.call("POST", path, #"{"old":"wrong","new":"quite another sentence"}"#), 403, "password_wrong")
        }
        let right = #"{"old":"\#(StaffOffice.password)","new":"quite another sentence"}"#
        expectProblem(try member.call("POST", path, right), 429, "too_many_tries")
        #expect(try office.notes("password_change_refused").map { $0["count"].integer } == [5])
        office.clock.advance(by: .seconds(30))
        #expect(try member.call("POST", path, right).status == 200)
    }

    @Test(arguments: ["short", "eleven char", "aaaaaaaaaaaaaaaa", "thandi is my name", String(repeating: "long", count: 65)])
    func refusesAWeakPassword(_ password: String) throws {
        let office = try StaffOffice()
        let member = try office.member("thandi", "call_centre")
        expectProblem(
            try member.call("POST", "/v1/sessions/current/password", #"{"old":"\#(StaffOffice.password)","new":"\#(password)"}"#), 400,
            "password_weak")
        #expect(try office.signIn("thandi").isIn)
    }

    @Test func thePasswordIsNotTakenAgain() throws {
        let office = try StaffOffice()
        let member = try office.member("thandi", "call_centre")
        let body = #"{"old":"\#(StaffOffice.password)","new":"\#(StaffOffice.password)"}"#
        expectProblem(try member.call("POST", "/v1/sessions/current/password", body), 400, "password_weak")
    }

    // MARK: Against other sites

    @Test(arguments: [
        ([], false), (["X-Vendlock: 1"], true), (["X-Vendlock: 0"], false), (["Sec-Fetch-Site: same-origin"], true),
        (["Sec-Fetch-Site: same-site"], false), (["Sec-Fetch-Site: cross-site"], false), (["Sec-Fetch-Site: none"], false),
        (["Origin: http://127.0.0.1:PORT"], true), (["Origin: https://127.0.0.1:PORT"], true), (["Origin: http://127.0.0.1"], false),
        (["Origin: http://evil.example"], false), (["Origin: null"], false), (["Origin: http://127.0.0.1:PORT.evil.example"], false),
        (["Sec-Fetch-Site: cross-site", "Origin: http://127.0.0.1:PORT"], false), (["Referer: http://127.0.0.1:PORT/"], false),
    ])
    func aChangeComesFromAPageOfThisServer(_ headers: [String], _ passes: Bool) throws {
        let office = try StaffOffice()
        let member = try office.member("thandi", "call_centre")
        let headers = headers.map { $0.replacing("PORT", with: "\(office.admin.port)") }
        let reference = Names.reference()
        let body = #"{"reference":"\#(reference)","owner":{"name":"N"}}"#
        let reply = try member.call("POST", "/v1/accounts", body, headers: headers)
        if passes {
            #expect(reply.status == 201, "\(headers): \(reply.text)")
        } else {
            expectProblem(reply, 403, "cross_site")
            #expect(try office.admin.get("/v1/accounts/\(reference)").status == 404)
            #expect(try office.notes("request_refused").first?["text"].string == "POST /v1/accounts refused (cross_site).")
        }
        #expect(try member.call("GET", "/v1/accounts", headers: headers).status == 200, "reading changes nothing")
    }

    @Test func nobodyIsSignedInFromAnotherSite() throws {
        let office = try StaffOffice()
        _ = try office.member("thandi", "call_centre")
        for header in ["Origin: http://evil.example", "Sec-Fetch-Site: cross-site"] {
            let reply = try office.signInReply("thandi", StaffOffice.password, headers: [header])
            expectProblem(reply, 403, "cross_site")
            #expect(reply.header("Set-Cookie") == nil)
        }
        let own = try office.signInReply("thandi", StaffOffice.password, headers: ["Origin: http://127.0.0.1:\(office.admin.port)"])
        #expect(own.status == 201)
    }

    /// Behind a proxy the browser's own address is in Host.
    @Test(arguments: [
        ("127.0.0.1:8480", false), ("localhost", false), ("[::1]:8480", false), ("127.0.0.1.evil.example", true), ("vend.example", true),
        ("localhost.example:80", true),
    ])
    func theCookieGoesOverTLSOnlyButOnThisMachine(_ host: String, _ isSecure: Bool) throws {
        let office = try StaffOffice()
        _ = try office.member("thandi", "call_centre")
        let body = #"{"name":"thandi","password":"\#(StaffOffice.password)"}"#
        let connection = try RawConnection(port: office.admin.port)
        try connection.send("POST /v1/sessions HTTP/1.1\r\nHost: \(host)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let field = try #require(try connection.reply().header("Set-Cookie"))
        #expect(field.contains("; Secure;") == isSecure, "\(field)")
    }

    // MARK: Cookie and token

    @Test func aWrongTokenIsNotMendedByACookie() throws {
        let office = try StaffOffice()
        let member = try office.member("thandi", "call_centre")
        let cookie = "Cookie: vendlock_session=\(member.cookie)"
        expectProblem(try office.admin.with(token: "vl_wrong").call("GET", "/v1/accounts", headers: [cookie]), 401, "unauthorized")
        #expect(try office.admin.call("GET", "/v1/tokens", headers: [cookie]).status == 200, "the token counts")
        expectProblem(try office.admin.get("/v1/sessions/current"), 401, "unauthorized")
    }

    @Test(arguments: ["", "vendlock_session", "vendlock_session=", "vendlock_session=AAAA", "x_vendlock_session=COOKIE", "session=COOKIE"])
    func refusesAnyOtherCookie(_ field: String) throws {
        let office = try StaffOffice()
        let member = try office.member("thandi", "call_centre")
        let field = field.replacing("COOKIE", with: member.cookie)
        expectProblem(try office.admin.with(token: nil).call("GET", "/v1/accounts", headers: ["Cookie: \(field)"]), 401, "unauthorized")
        #expect(try member.isIn)
    }

    @Test func aNoteOfASessionNamesTheUser() throws {
        let office = try StaffOffice()
        let member = try office.member("thandi", "call_centre")
        let reference = Names.reference()
        try office.admin.addAccount(reference)
        let hold = try member.must(201, "POST", "/v1/accounts/\(reference)/holds", #"{"kind":"staff","reason":"stolen"}"#)
        #expect(hold["placed_by"].string == "user:thandi")
        let note = try office.admin.must(200, "GET", "/v1/accounts/\(reference)/notes")["notes"][0]
        #expect(note["actor"].string == "user:thandi" && note["role"].string == "call_centre")
    }

    // MARK: Refusals on record

    @Test func whatARoleMayNotIsOnRecordOnceAnHourForEachEndpoint() throws {
        let office = try StaffOffice()
        let member = try office.member("thandi", "call_centre")
        let token = try office.admin.issueToken(role: "auditor", name: "auditor-1")
        for _ in 0..<3 { expectProblem(try member.call("GET", "/v1/tokens"), 403, "role_may_not") }
        expectProblem(try member.call("POST", "/v1/users", "{}"), 403, "role_may_not")
        expectProblem(try token.get("/v1/tokens"), 403, "role_may_not")
        let notes = try office.notes("request_refused")
        #expect(
            notes.map { $0["text"].string } == [
                "GET /v1/tokens refused (role_may_not).", "POST /v1/users refused (role_may_not).", "GET /v1/tokens refused (role_may_not).",
            ])
        #expect(notes.map { $0["actor"].string } == ["token:auditor-1", "user:thandi", "user:thandi"])
        #expect(notes.map { $0["count"].integer ?? 1 } == [1, 1, 3])
        office.clock.advance(by: .seconds(3600))
        _ = try token.get("/v1/tokens")
        #expect(try office.notes("request_refused").count == 4)
    }

    /// The switch's gate may not wait for the disk; its refusals are written a moment later.
    @Test func soIsWhatTheSwitchsGateRefuses() throws {
        let office = try StaffOffice()
        let token = try office.admin.issueToken(role: "auditor", name: "auditor-1")
        expectProblem(try token.post("/v1/authorizations", "{}"), 403, "role_may_not")
        try eventually("the note") { try office.notes("request_refused").count == 1 }
    }

    /// A role that is only refused inside: call centre agents change accounts, but not linked numbers.
    @Test func soIsWhatIsRefusedInside() throws {
        let office = try StaffOffice()
        let member = try office.member("thandi", "call_centre")
        let reference = Names.reference()
        try office.admin.addAccount(reference)
        expectProblem(try member.call("PATCH", "/v1/accounts/\(reference)", #"{"linked_number":"+27711234567"}"#), 403, "role_may_not")
        #expect(try office.notes("request_refused").map { $0["text"].string } == ["PATCH /v1/accounts/{ref} refused (role_may_not)."])
    }
}
