import BackOffice
import Platform
import Signing
import Synchronization
import TestSupport
import Testing
import Wire

@Suite struct StaffSignInTests {
    @Test func aSetupPasswordWorksOnceAndIsReplaced() throws {
        let office = try StaffOffice()
        let setup = try office.add("thandi", "call_centre")
        let reply = try office.signInReply("Thandi ", setup)
        #expect(reply.status == 201)
        #expect(reply.json["name"].string == "thandi" && reply.json["role"].string == "call_centre")
        #expect(reply.json["expires_at"].string == office.clock.now.adding(.seconds(12 * 3600)).description)
        #expect(reply.json["password_change_required"].bool == true && reply.json["totp_required"].bool == false)
        let member = StaffOffice.Member(api: office.admin, name: "thandi", cookie: try #require(StaffOffice.cookie(of: reply)))
        expectProblem(try member.call("GET", "/v1/accounts"), 403, "password_change_required")
        expectProblem(try office.signInReply("thandi", setup), 401, "sign_in_refused")
        let changed = try member.must(200, "POST", "/v1/sessions/current/password", #"{"old":"\#(setup)","new":"\#(StaffOffice.password)"}"#)
        #expect(changed["password_change_required"].bool == false)
        #expect(try member.call("GET", "/v1/accounts").status == 200)
        #expect(try office.signIn("thandi").isIn)
        #expect(try office.signInReply("thandi", setup).status == 401)
    }

    @Test func aGivenPasswordIsTheOwnersOwn() throws {
        let office = try StaffOffice()
        let body = #"{"name":"Pieter","role":"auditor","password":"\#(StaffOffice.password)"}"#
        let user = try office.admin.must(201, "POST", "/v1/users", body)
        #expect(user["name"].string == "pieter" && !user.has("setup_password") && user["password_change_required"].bool == false)
        #expect(try office.signIn("pieter").call("GET", "/v1/notes").status == 200)
        expectProblem(try office.admin.post("/v1/users", body), 409, "user_exists")
    }

    @Test func theCookieIsForThisServerAlone() throws {
        let office = try StaffOffice()
        _ = try office.member("thandi", "call_centre")
        let field = try #require(try office.signInReply("thandi", StaffOffice.password).header("Set-Cookie"))
        let parts = field.split(separator: ";").map { $0.drop { $0 == " " } }
        #expect(parts.dropFirst().map(String.init) == ["HttpOnly", "SameSite=Strict", "Path=/"], "\(field)")
        // 32 random bytes in base64url.
        #expect(parts[0].utf8.count == "vendlock_session=".utf8.count + 43)
    }

    /// One answer to a wrong name, a wrong password, a disabled user: the same words, and the same work, so that its time tells nothing.
    @Test func aWrongNameReadsAsAWrongPassword() throws {
        let office = try StaffOffice()
        _ = try office.member("thandi", "call_centre")
        try office.add("gone", "call_centre")
        _ = try office.admin.must(200, "PATCH", "/v1/users/gone", #"{"disabled":true}"#)
        func tried(_ name: String) throws -> [UInt8] {
            let before = try #require(try office.admin.metric("vendlock_password_hashes_total"))
            let body = try office.signInReply(name, "not the password").body
            #expect(try office.admin.metric("vendlock_password_hashes_total") == before + 1, "\(name)")
            return body
        }
        let known = try tried("thandi")
        for name in ["nobody", "gone", "not a name!"] { #expect(try tried(name) == known, "\(name)") }
    }

    @Test func fiveWrongOnesSlowTheNextAndALongWaitForgives() throws {
        let office = try StaffOffice()
        _ = try office.member("thandi", "call_centre")
        try office.wrong("thandi", times: 5)
        // The right password too: whoever guesses must not learn that they have it.
        var slowed = try office.signInReply("thandi", StaffOffice.password)
        expectProblem(slowed, 429, "too_many_tries")
        #expect(slowed.header("Retry-After") == "30")
        #expect(try office.signInReply("THANDI", "x").status == 429, "the same name in other letters")
        #expect(try office.signInReply("other", "x").status == 401, "another name")
        office.clock.advance(by: .seconds(30) - .milliseconds(1))
        #expect(try office.signInReply("thandi", StaffOffice.password).header("Retry-After") == "1")
        office.clock.advance(by: .milliseconds(1))
        try office.wrong("thandi")
        slowed = try office.signInReply("thandi", StaffOffice.password)
        #expect(slowed.status == 429 && slowed.header("Retry-After") == "60", "longer each time")
        office.clock.advance(by: .seconds(60))
        #expect(try office.signInReply("thandi", StaffOffice.password).status == 201)
        // A right one wipes the slate.
        try office.wrong("thandi", times: 4)
        #expect(try office.signInReply("thandi", StaffOffice.password).status == 201)
        try office.wrong("thandi", times: 4)
        office.clock.advance(by: .seconds(15 * 60))
        try office.wrong("thandi", times: 4)
        #expect(try office.signInReply("thandi", StaffOffice.password).status == 201, "those of a quarter of an hour ago do not count")
    }

    /// All at once, before any of them is known to be wrong.
    @Test func manyTriesAtOnceAreCountedAsMany() throws {
        let office = try StaffOffice()
        _ = try office.member("thandi", "call_centre")
        let statuses = Mutex<[Int]>([])
        let port = office.admin.port
        let threads = try (0..<12).map { number in
            try WorkerThread(name: "guess", stackSize: 512 << 10) {
                let reply = try? API(port: port, token: nil).post("/v1/sessions", #"{"name":"thandi","password":"guess \#(number)"}"#)
                statuses.withLock { $0.append(reply?.status ?? 0) }
            }
        }
        for thread in threads { thread.join() }
        let counts = statuses.withLock { Dictionary(grouping: $0, by: \.self).mapValues(\.count) }
        #expect(counts == [401: 5, 429: 7])
    }

    @Test func whatWasCountedStandsAfterARestart() throws {
        let server = try ServerProcess()
        let setup = try server.api.must(201, "POST", "/v1/users", #"{"name":"thandi","role":"call_centre"}"#)["setup_password"].string ?? ""
        let cookie = try #require(
            try StaffOffice.cookie(of: server.api.with(token: nil).post("/v1/sessions", #"{"name":"thandi","password":"\#(setup)"}"#)))
        for _ in 0..<5 { #expect(try server.api.with(token: nil).post("/v1/sessions", #"{"name":"thandi","password":"x"}"#).status == 401) }
        try server.kill()
        let next = try server.successor()
        expectProblem(try next.api.with(token: nil).post("/v1/sessions", #"{"name":"thandi","password":"\#(setup)"}"#), 429, "too_many_tries")
        let member = StaffOffice.Member(api: next.api, name: "thandi", cookie: cookie)
        #expect(try member.isIn, "a session outlives the server")
        #expect(try member.call("GET", "/v1/sessions/current").json["password_change_required"].bool == true)
    }

    @Test func everyRefusalIsOnRecordAndDoesNotBuryTheRest() throws {
        let office = try StaffOffice()
        _ = try office.member("thandi", "call_centre")
        try office.wrong("thandi", times: 5)
        #expect(try office.signInReply("thandi", "x").status == 429)
        try office.wrong("my secret password", times: 2)
        try office.wrong("another name", times: 1)
        let notes = try office.notes("sign_in_refused")
        #expect(
            notes.map { $0["text"].string } == ["Sign-in under a name that there is not refused.", "Sign-in as 'thandi' refused."])
        #expect(notes.map { $0["count"].integer } == [3, 6])
        #expect(notes.allSatisfy { $0["actor"].string == "unknown" && $0["source_address"].string == "127.0.0.1" })
        office.clock.advance(by: .seconds(3600))
        try office.wrong("thandi")
        #expect(try office.notes("sign_in_refused").count == 3)
    }

    @Test func signInsAndEndsAreOnRecordUnderTheUsersName() throws {
        let office = try StaffOffice()
        let member = try office.member("thandi", "call_centre")
        _ = try member.must(200, "DELETE", "/v1/sessions/current")
        let notes = try office.admin.must(200, "GET", "/v1/notes?limit=4")["notes"].array
        #expect(notes.map { $0["kind"].string } == ["signed_out", "password_changed", "signed_in", "user_added"])
        #expect(notes.prefix(3).allSatisfy { $0["actor"].string == "user:thandi" && $0["role"].string == "call_centre" })
        #expect(notes.allSatisfy { $0["via"].string == "api" && $0["source_address"].string == "127.0.0.1" })
        #expect(notes[3]["actor"].string == "token:admin")
        for note in try office.admin.must(200, "GET", "/v1/notes?limit=200")["notes"].array {
            #expect(note["text"].string?.contains(StaffOffice.password) == false)
        }
    }

    @Test(arguments: [
        #"{"name":"thandi"}"#, #"{"password":"x"}"#, "{}", #"{"name":1,"password":"x"}"#, #"{"name":"thandi","password":null}"#,
        #"{"name":"thandi","password":"x","code":123456}"#,
    ])
    func refusesABodyOfAnotherShape(_ body: String) throws {
        expectProblem(try Shared.api.with(token: nil).post("/v1/sessions", body), 400, "invalid_body")
    }
}

/// Hashing takes memory: two at once.
@Suite struct HashTurnTests {
    @Test func twoAtOnceAndTheOthersWait() throws {
        let turns = HashTurns()
        let running = Atomic(0)
        let peak = Atomic(0)
        let mayGoOn = Atomic(false)
        let done = Atomic(0)
        let threads = try (0..<(HashTurns.atOnce + HashTurns.mostWaiting)).map { _ in
            try WorkerThread(name: "hash", stackSize: 256 << 10) {
                let result: Void? = try? turns.take {
                    let now = running.add(1, ordering: .acquiringAndReleasing).newValue
                    _ = peak.max(now, ordering: .acquiringAndReleasing)
                    try eventually("leave to go on") { mayGoOn.load(ordering: .acquiring) }
                    running.subtract(1, ordering: .acquiringAndReleasing)
                }
                if result != nil { done.add(1, ordering: .relaxed) }
            }
        }
        try eventually("a full queue") { turns.queued == HashTurns.mostWaiting }
        #expect(running.load(ordering: .acquiring) == HashTurns.atOnce)
        let refused = #expect(throws: Problem.self) { try turns.take {} }
        #expect(refused?.code == "overloaded")
        mayGoOn.store(true, ordering: .releasing)
        for thread in threads { thread.join() }
        #expect(done.load(ordering: .relaxed) == threads.count)
        #expect(peak.load(ordering: .relaxed) == HashTurns.atOnce)
        #expect(try turns.take { 1 } == 1, "a turn is given back")
    }
}
