@testable import BackOffice
import TestSupport
import Testing
import Wire

@Suite struct PollTests {
    /// A server of its own, because parked polls are counted.
    private let server: InProcess
    private var api: API { server.api }
    private let reference = "ACC-POLL"

    init() throws {
        server = try InProcess()
        try server.api.addAccount(reference, channels: ["KazTimpaPro", "KazangMobi2"])
    }

    private func connected(claims: String? = nil, on channel: String = "KazTimpaPro") throws -> TestTerminal {
        let terminal = try TestTerminal.enrolled(api, account: claims == nil ? reference : nil, claims: claims, on: channel)
        try terminal.connect(now: server.clock.now.unixSeconds)
        return terminal
    }

    @Test func answersAtOnceWhenTheRevisionIsAnother() throws {
        let terminal = try connected()
        let revision = try terminal.poll(after: nil, wait: 60).rev
        for other in [0, 1, revision - 1] { #expect(try terminal.poll(after: other, wait: 60).rev == revision) }
        #expect(try api.metric("vendlock_parked_polls") == 0)
    }

    @Test func answersAtOnceWhenNoWaitIsAskedFor() throws {
        let terminal = try connected()
        let revision = try terminal.poll(after: nil).rev
        #expect(try terminal.poll(after: revision, wait: 0).rev == revision)
        let connection = try api.with(token: terminal.session).send("GET", terminal.pollPath(after: revision, nonce: "plain"))
        #expect(try connection.reply().status == 200)
        for preference in ["Prefer: respond-async", "Prefer: wait=soon", "Prefer: wait=-5", "Prefer: wait="] {
            let connection = try api.with(token: terminal.session).send("GET", terminal.pollPath(after: revision, nonce: "p"), headers: [preference])
            #expect(try connection.reply().status == 200)
        }
    }

    @Test(arguments: ["wait=1", "respond-async, wait=1", "WAIT=1", "wait = 1", "wait=\"1\"", "handling=lenient,wait=1; foo"])
    func answersTheSameAgainWhenTheWaitEnds(_ preference: String) throws {
        let terminal = try connected()
        let revision = try terminal.poll(after: nil).rev
        let connection = try api.with(token: terminal.session).send(
            "GET", terminal.pollPath(after: revision, nonce: "w"), headers: ["Prefer: \(preference)"])
        try api.waitForParked(1)
        let lease = try terminal.lease(TestTerminal.PendingPoll(connection: connection, nonce: "w"))
        #expect(lease.rev == revision && !lease.locked)
    }

    /// Of the whole seconds that a poll was parked: a wait of 2 s may be cut by a sixteenth.
    @Test(arguments: [(0, 60...60), (1, 60...60), (2, 61...62)])
    func aLeaseIsLongerByWhatALongPollWasParkedFor(wait: Int, ttl: ClosedRange<Int>) throws {
        let server = try InProcess(terms: LeaseIssuer.Terms(ttl: 60, wait: 2, longestWait: 10))
        try server.api.addAccount(reference)
        let terminal = try TestTerminal.enrolled(server.api, account: reference)
        try terminal.connect(now: server.clock.now.unixSeconds)
        let revision = try terminal.poll(after: nil).rev
        #expect(ttl.contains(try terminal.poll(after: revision, wait: wait).ttl))
    }

    /// Parked for the whole of what was asked: beyond its signature a lease bears the next step, and never more than the longest wait and a margin.
    @Test(arguments: [(60, 0), (110, 110), (165, 165 + 27), (250, 250 + 50), (270, 270 + 50), (400, 400 + 50)])
    func aLeaseBearsTheNextPoll(asked: Int, extra: Int) {
        #expect(LeaseIssuer.Terms().extra(asked: asked, parked: .seconds(asked)) == extra)
        #expect(LeaseIssuer.Terms().longestLease == 290)
    }

    @Test func aLeaseIsNotLongerWhereNoPollMayBe() throws {
        let server = try InProcess(terms: LeaseIssuer.Terms(ttl: 60, wait: 1, longestWait: 1))
        try server.api.addAccount(reference)
        let terminal = try TestTerminal.enrolled(server.api, account: reference)
        try terminal.connect(now: server.clock.now.unixSeconds)
        let revision = try terminal.poll(after: nil).rev
        #expect(try terminal.poll(after: revision, wait: 2).ttl == 60)
    }

    enum Change: CaseIterable { case hold, release, channels, deviceHold, deviceRelease, secondDeviceRegistered }

    @Test(arguments: Change.allCases) func wakesAParkedPollWithTheNewState(_ change: Change) throws {
        let terminal = try connected()
        let device = "/v1/devices/\(terminal.imei)/holds"
        var id = ""
        if change == .release { id = try api.lock(reference) }
        if change == .deviceRelease { id = try api.must(201, "POST", device, #"{"kind":"staff","reason":"r"}"#)["id"].string ?? "" }
        let before = try terminal.poll(after: nil)
        let poll = try terminal.startPoll(after: before.rev)
        try api.waitForParked(1)
        switch change {
        case .hold: try api.lock(reference)
        case .release: try api.release(id, of: reference)
        case .channels:
            try api.must(200, "PUT", "/v1/accounts/\(reference)/locked-channels", #"{"channels":["KazangMobi2"],"ticket":"T-1","force_reason":"r"}"#)
        case .deviceHold: try api.must(201, "POST", device, #"{"kind":"staff","reason":"r"}"#)
        case .deviceRelease: try api.must(200, "DELETE", device + "/\(id)", #"{"note":"n"}"#)
        case .secondDeviceRegistered: try api.addDevice(Names.imei(), account: reference)
        }
        let after = try terminal.lease(poll)
        #expect(after.rev > before.rev)
        let reasons: [Change: [String]] = [.hold: ["account_locked"], .channels: ["channel_not_permitted"], .deviceHold: ["device_locked"]]
        #expect(after.reasons == reasons[change])
        #expect(after.locked == (reasons[change] != nil))
    }

    @Test func wakesADeviceThatSignedInWhenItIsRegisteredElsewhere() throws {
        try api.addAccount("ACC-OTHER")
        let terminal = try connected(claims: reference)
        let before = try terminal.poll(after: nil)
        #expect(!before.locked)
        let poll = try terminal.startPoll(after: before.rev)
        try api.waitForParked(1)
        #expect(try api.post("/v1/devices", #"{"imei":"\#(terminal.imei)","account":"ACC-OTHER"}"#).status < 300)
        let after = try terminal.lease(poll)
        #expect(after.rev > before.rev && after.reasons == ["registered_to_another_account"])
    }

    @Test func locksTheSecondDeviceWhenItsChannelIsTakenAway() throws {
        _ = try connected()
        let second = try connected(claims: reference, on: "KazangMobi2")
        let poll = try second.startPoll(after: second.poll(after: nil).rev)
        try api.waitForParked(1)
        try api.must(
            200, "PUT", "/v1/accounts/\(reference)/locked-channels",
            #"{"channels":["KazTimpaPro"],"ticket":"T-1","force_reason":"two-level check failed"}"#)
        let lease = try second.lease(poll)
        #expect(lease.locked && lease.reasons?.contains("channel_not_permitted") == true)
    }

    @Test func locksBothDevicesOfAnAccount() throws {
        let terminals = [try connected(), try connected(claims: reference, on: "KazangMobi2")]
        let polls = try terminals.map { try $0.startPoll(after: $0.poll(after: nil).rev) }
        try api.waitForParked(2)
        try api.lock(reference)
        for (terminal, poll) in zip(terminals, polls) { #expect(try terminal.lease(poll).reasons == ["account_locked"]) }
    }

    @Test func wakesEachOfManyByItsOwnLockOnly() throws {
        let count = 120
        var terminals: [TestTerminal] = []
        for number in 0..<count {
            try api.addAccount("MANY-\(1000 + number)")
            let terminal = try TestTerminal.enrolled(api, account: "MANY-\(1000 + number)")
            try terminal.connect(now: server.clock.now.unixSeconds)
            terminals.append(terminal)
        }
        let polls = try terminals.map { try $0.startPoll(after: $0.poll(after: nil).rev) }
        try api.waitForParked(count)
        for (position, number) in (0..<count).shuffled().enumerated() {
            try api.lock("MANY-\(1000 + number)")
            let lease = try terminals[number].lease(polls[number])
            #expect(lease.locked && lease.acc?.text == "MANY-\(1000 + number)")
            if position % 10 == 0 {
                #expect(try api.metric("vendlock_parked_polls") == Double(count - position - 1))
            }
        }
        #expect(polls.allSatisfy { !$0.connection.hasNews() })
    }

    @Test func endsTheOlderPollWhenANewerComes() throws {
        let terminal = try connected()
        let revision = try terminal.poll(after: nil).rev
        let older = try terminal.startPoll(after: revision)
        try api.waitForParked(1)
        let newer = try terminal.startPoll(after: revision)
        #expect(try terminal.lease(older).rev == revision)
        try api.waitForParked(1)
        try api.lock(reference)
        #expect(try terminal.lease(newer).locked)
    }

    @Test func keepsThePollsOfTwoChannelsOfOneDeviceApart() throws {
        let terminal = try connected()
        let other = try terminal.connectReply(
            token: terminal.token(terminal.goodClaims(now: server.clock.now.unixSeconds)), nonce: "n",
            on: "/v1/devices/\(terminal.imei)/channels/KazangMobi2")
        let revision = try terminal.poll(after: nil).rev
        let first = try terminal.startPoll(after: revision)
        try api.waitForParked(1)
        let second = try api.with(token: other.json["session"].string).send(
            "GET", "/v1/devices/\(terminal.imei)/channels/KazangMobi2/lock-state?after=\(revision)&nonce=second", headers: ["Prefer: wait=60"])
        try api.waitForParked(2)
        try api.lock(reference)
        #expect(try terminal.lease(first).locked)
        #expect(try second.reply().status == 200)
    }

    @Test func forgetsAClientThatHasGone() throws {
        let terminal = try connected()
        let revision = try terminal.poll(after: nil).rev
        _ = try terminal.startPoll(after: revision)
        let stays = try terminal.poll(after: 0)
        #expect(stays.rev == revision)
        try api.waitForParked(0)
    }

    // MARK: Sessions

    @Test func refusesAWrongSession() throws {
        let terminal = try connected()
        let other = try TestTerminal.enrolled(api, account: nil, claims: reference, on: "KazangMobi2")
        try other.connect(now: server.clock.now.unixSeconds)
        let good = terminal.session
        let altered = String(good.dropLast(1)) + (good.hasSuffix("A") ? "B" : "A")
        for session in [
            "", "x", String(repeating: "A", count: 43), altered, String(good.dropLast(2)), good + "A", other.session, api.token ?? "", "…",
        ] {
            terminal.session = session
            let reply = try terminal.pollReply(after: nil)
            expectProblem(reply, 401, "session_refused")
            #expect(reply.header("WWW-Authenticate") != nil)
        }
        terminal.session = good
        #expect(try terminal.poll(after: nil).locked == false)
        expectProblem(try api.with(token: nil).get(terminal.pollPath(after: nil, nonce: "n")), 401, "session_refused")
    }

    @Test func refusesTheSessionOfAnotherChannelOrDevice() throws {
        let terminal = try connected()
        let imei = Names.imei()
        let session = api.with(token: terminal.session)
        expectProblem(try session.get("/v1/devices/\(terminal.imei)/channels/KazangMobi2/lock-state?nonce=n"), 401, "session_refused")
        expectProblem(try session.get("/v1/devices/\(imei)/channels/KazTimpaPro/lock-state?nonce=n"), 401, "session_refused")
        expectProblem(try session.post("/v1/devices/\(imei)/events", #"{"events":[\#(TestTerminal.event(1, "started"))]}"#), 401, "session_refused")
    }

    @Test func answersASessionThatANewerSignInHasReplaced() throws {
        try api.addAccount("ACC-NEXT", channels: ["KazTimpaPro", "KazangMobi2"])
        let terminal = try connected(claims: reference)
        let old = terminal.session
        terminal.claims = "ACC-NEXT"
        try terminal.connect(now: server.clock.now.unixSeconds)
        let new = terminal.session
        terminal.session = old
        // It left that account, so under it nothing may be spent: refused, or a locked lease.
        for wait in [0, 1] {
            let poll = try terminal.startPoll(after: 0, wait: wait)
            let reply = try poll.connection.reply()
            if reply.status == 200 {
                #expect(try terminal.verified(reply.body, nonce: poll.nonce).locked)
            } else {
                expectProblem(reply, 401, "session_refused")
            }
        }
        #expect(try terminal.eventsReply([TestTerminal.event(1, "started")]).status < 500)
        terminal.session = new
        #expect(try terminal.poll(after: nil).locked == false)
    }

    @Test func answersASessionThatCouldBeOursForADeviceThatNobodyKnows() throws {
        let terminal = try connected()
        let stranger = try TestTerminal(server: api)
        stranger.session = terminal.session
        expectProblem(try stranger.pollReply(after: nil, wait: 60), 401, "session_refused")
        expectProblem(try stranger.pollReply(after: 0, wait: 60), 401, "session_refused")
    }

    @Test func endsASessionAfterTheTimeItWasGivenFor() throws {
        let terminal = try TestTerminal.enrolled(api, account: reference)
        let reply = try terminal.connectReply(token: terminal.token(terminal.goodClaims(now: server.clock.now.unixSeconds)), nonce: "n")
        terminal.session = reply.json["session"].string ?? ""
        let life = try #require(reply.json["expires_in_s"].integer)
        server.clock.advance(by: .seconds(life - 2))
        #expect(try terminal.pollReply(after: nil).status == 200)
        server.clock.advance(by: .seconds(3))
        expectProblem(try terminal.pollReply(after: nil), 401, "session_refused")
        expectProblem(try terminal.eventsReply([terminal.event("started")]), 401, "session_refused")
        try terminal.connect(now: server.clock.now.unixSeconds)
        #expect(try terminal.pollReply(after: nil).status == 200)
    }

    @Test func keepsASessionAcrossARestart() throws {
        let server = try ServerProcess()
        try server.api.addAccount("ACC-RESTART")
        let terminal = try TestTerminal.connected(server.api, account: "ACC-RESTART")
        let before = try terminal.poll(after: nil)
        try server.kill()
        let next = try server.successor()
        terminal.server = next.api.with(token: nil)
        let after = try terminal.poll(after: 0)
        #expect(after.rev >= before.rev && !after.locked)
        let poll = try terminal.startPoll(after: after.rev)
        try next.api.waitForParked(1)
        try next.api.lock("ACC-RESTART")
        #expect(try terminal.lease(poll).locked)
    }

    // MARK: Requests

    private static let badQueries: [(String, String)] = [
        ("", "invalid_nonce"), ("nonce=", "invalid_nonce"), ("nonce=a%20b", "invalid_nonce"), ("nonce=a%22b", "invalid_nonce"),
        ("nonce=" + String(repeating: "n", count: 65), "invalid_nonce"), ("nonce=n&after=x", "invalid_query"), ("nonce=n&after=-1", "invalid_query"),
        ("nonce=n&after=99999999999999999999", "invalid_query"), ("nonce=n&after=1.5", "invalid_query"), ("nonce=n&after=", "invalid_query"),
    ]

    @Test(arguments: badQueries) func refusesABadQuery(_ query: String, _ code: String) throws {
        let terminal = try connected()
        expectProblem(try api.with(token: terminal.session).get(terminal.path + "/lock-state?" + query), 400, code)
    }

    @Test func echoesTheNonce() throws {
        let terminal = try connected()
        for nonce in ["a", "A-b_9", String(repeating: "n", count: 64)] {
            let connection = try api.with(token: terminal.session).send("GET", terminal.pollPath(after: nil, nonce: nonce))
            let reply = try connection.reply()
            #expect(reply.header("Content-Type") == "application/jwt")
            #expect(try terminal.verified(reply.body, nonce: nonce).nonce == nonce)
        }
    }

    @Test func answersALockedTerminalInTheSameForm() throws {
        let terminal = try connected()
        try api.lock(reference)
        let reply = try terminal.pollReply(after: 0)
        #expect(reply.status == 200 && reply.header("Content-Type") == "application/jwt")
    }

    @Test func answersManyPollsOverOneConnection() throws {
        let terminal = try connected()
        let connection = try RawConnection(port: api.port)
        for number in 0..<20 {
            try connection.send(
                "GET \(terminal.pollPath(after: 0, nonce: "n\(number)")) HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(terminal.session)\r\n\r\n")
            #expect(try terminal.verified(connection.reply().body, nonce: "n\(number)").locked == false)
        }
    }
}
