import Store
import TestSupport
import Testing
import Wire

@testable import BackOffice

@Suite struct LocationRequestTests {
    private let server: InProcess
    private let terminal: TestTerminal
    private var api: API { server.api }

    init() throws {
        server = try InProcess()
        try server.api.addAccount("ACC-WHERE")
        terminal = try TestTerminal.enrolled(server.api, account: "ACC-WHERE")
        try terminal.connect(now: server.clock.now.unixSeconds)
    }

    private func ask() throws -> String {
        try #require(try api.must(202, "POST", "/v1/devices/\(terminal.imei)/location-requests")["id"].string)
    }

    private func answer(_ sequence: Int64, _ fields: String) throws {
        let reply = try terminal.eventsReply([TestTerminal.event(sequence, "location", fields)])
        #expect(reply.status == 200, "\(reply.text)")
    }

    private func commands(_ lease: LeaseClaims) -> [TerminalCommand] { lease.cmds ?? [] }

    @Test func bringsTheQuestionToAParkedTerminalAtOnce() throws {
        let open = try terminal.poll(after: nil)
        #expect(open.cmds == nil, "a lease without a question says nothing of one")
        let parked = try terminal.startPoll(after: open.rev)
        try api.waitForParked(1)
        let id = try ask()
        let lease = try terminal.lease(parked)
        #expect(commands(lease) == [TerminalCommand(id: id, kind: "geolocate")])
        #expect(!lease.locked && lease.rev > open.rev)
    }

    @Test func standsInEveryLeaseUntilItIsAnswered() throws {
        let id = try ask()
        let first = try terminal.poll(after: nil)
        #expect(commands(first).map(\.id) == [id])
        #expect(commands(try terminal.poll(after: first.rev)).map(\.id) == [id])
        #expect(commands(try terminal.connect(now: server.clock.now.unixSeconds)).map(\.id) == [id])
        #expect(try api.get("/v1/devices/\(terminal.imei)/locations").json["request"]["id"].string == id)
        try answer(1, #""lat":-26.2678,"lon":27.8585,"accuracy_m":20,"command":"another""#)
        #expect(commands(try terminal.poll(after: first.rev)).map(\.id) == [id], "that was the answer to something else")
        try answer(2, #""lat":-26.2678,"lon":27.8585,"accuracy_m":20,"command":"\#(id)""#)
        let after = try terminal.poll(after: first.rev)
        #expect(after.cmds == nil)
        #expect(after.rev == first.rev, "that it is settled is nothing new to the terminal")
        let locations = try api.get("/v1/devices/\(terminal.imei)/locations").json
        #expect(!locations.has("request"))
        #expect(locations["locations"].array.map { $0["command"].string } == [id, "another"])
        #expect(locations["locations"][0]["lat"].number == -26.2678 && locations["locations"][0].has("received_at"))
    }

    @Test func asksNoSecondTimeWhileOneStands() throws {
        let first = try ask()
        let lease = try terminal.poll(after: nil)
        server.clock.advance(by: .seconds(60))
        #expect(try ask() == first)
        #expect(try terminal.poll(after: lease.rev).rev == lease.rev)
        try answer(1, #""why":"no_fix","command":"\#(first)""#)
        let second = try ask()
        #expect(second != first)
        #expect(commands(try terminal.poll(after: lease.rev)).map(\.id) == [second])
        #expect(try api.get("/v1/accounts/ACC-WHERE/notes").json["notes"].array.filter { $0["kind"].string == "location_requested" }.count == 2)
    }

    @Test func asksForAnHour() throws {
        let id = try ask()
        server.clock.advance(by: .seconds(3599))
        try terminal.connect(now: server.clock.now.unixSeconds)
        #expect(commands(try terminal.poll(after: nil)).map(\.id) == [id])
        server.clock.advance(by: .seconds(1))
        // Before anything has forgotten it.
        #expect(try terminal.poll(after: nil).cmds == nil)
        #expect(!(try api.get("/v1/devices/\(terminal.imei)/locations").json.has("request")))
        try server.backOffice.tick()
        let imei = try IMEI(terminal.imei)
        #expect(try server.store.read { try $0.locationRequest(of: imei) } == nil)
        #expect(try ask() != id)
    }

    @Test func keepsTheQuestionThroughARestart() throws {
        let id = try ask()
        let next = try InProcess(after: server)
        terminal.server = next.api.with(token: nil)
        #expect(commands(try terminal.poll(after: nil)).map(\.id) == [id])
    }

    @Test func doesNotHideTheLastPositionBehindAnAnswerWithoutOne() throws {
        try answer(1, #""lat":-33.9249,"lon":18.4241,"accuracy_m":12.5,"source":"gpsd""#)
        for sequence in 2...40 { try answer(Int64(sequence), #""why":"no_fix""#) }
        try answer(41, #""lat":-33.9"#)
        let location = try api.get("/v1/devices/\(terminal.imei)").json["last_location"]
        #expect(location["lat"].number == -33.9249 && location["accuracy_m"].number == 12.5)
        #expect(try api.get("/v1/devices/\(terminal.imei)/locations?limit=2").json["locations"].array.count == 2)
        let page = try api.get("/v1/devices/\(terminal.imei)/locations?limit=30").json
        let rest = try api.get("/v1/devices/\(terminal.imei)/locations?limit=30&after=\(page["next"].string ?? "")").json
        #expect(page["locations"].array.count == 30 && rest["locations"].array.count == 11 && !rest.has("next"))
    }

    @Test func refusesToAskWhereNothingCouldAnswer() throws {
        let imei = Names.imei()
        expectProblem(try api.post("/v1/devices/\(imei)/location-requests"), 404, "device_not_found")
        try api.addDevice(imei, account: "ACC-WHERE")
        expectProblem(try api.post("/v1/devices/\(imei)/location-requests"), 409, "not_enrolled")
        expectProblem(try api.post("/v1/devices/12/location-requests"), 400, "invalid_imei")
        expectProblem(try api.get("/v1/devices/\(Names.imei())/locations"), 404, "device_not_found")
    }

    // MARK: Beside a lock

    private func newestLock() throws -> JSONValue { try api.must(200, "GET", "/v1/accounts/ACC-WHERE/locks")["locks"][0] }

    @Test func disturbsNoLockThatComesAfterTheQuestion() throws {
        let open = try terminal.poll(after: nil)
        let id = try ask()
        let asked = try terminal.poll(after: open.rev)
        // Stored, and parked behind it: this confirms no lock, because there is none.
        let parked = try terminal.startPoll(after: asked.rev)
        try api.waitForParked(1)
        let committed = server.clock.now
        try api.lock("ACC-WHERE")
        let locked = try terminal.lease(parked)
        #expect(locked.locked && locked.rev > asked.rev)
        #expect(commands(locked).map(\.id) == [id])
        try eventually("delivered_at") { try newestLock()["terminals"][0].has("delivered_at") }
        #expect(!(try newestLock()["terminals"][0].has("enforced_at")))
        server.clock.advance(by: .milliseconds(400))
        let next = try terminal.startPoll(after: locked.rev)
        try eventually("enforced_at") { try newestLock()["terminals"][0].has("enforced_at") }
        try api.waitForParked(1)
        let row = try newestLock()["terminals"][0]
        #expect(row["time_to_lock_ms"].integer == 400)
        #expect(row["enforced_at"].string.flatMap { Timestamp($0) } == committed.adding(.milliseconds(400)))
        // The answer changes nothing of the lock, and wakes the poll with nothing.
        try answer(1, #""lat":-26.2678,"lon":27.8585,"command":"\#(id)""#)
        #expect(!next.connection.hasNews())
        #expect(try newestLock()["terminals"][0] == row)
    }

    @Test func disturbsNoLockThatTheTerminalHasNotConfirmedYet() throws {
        let open = try terminal.poll(after: nil)
        try api.lock("ACC-WHERE")
        let locked = try terminal.poll(after: open.rev)
        #expect(locked.locked)
        // The question raises the revision before the terminal has said that it enforces the lock.
        let id = try ask()
        let asked = try terminal.poll(after: open.rev)
        #expect(asked.locked && asked.rev > locked.rev && commands(asked).map(\.id) == [id])
        #expect(!(try newestLock()["terminals"][0].has("enforced_at")), "it still says that it is open")
        server.clock.advance(by: .milliseconds(70))
        // Only the lock's own revision, not yet the question's: enough, the lock is enforced.
        let later = try terminal.poll(after: locked.rev)
        #expect(later.rev == asked.rev)
        try eventually("enforced_at") { try newestLock()["terminals"][0].has("enforced_at") }
        #expect(try newestLock()["terminals"][0]["time_to_lock_ms"].integer == 70)
    }

    @Test func makesNoConfirmationOfAQuestion() throws {
        // Lock and release while the terminal is away, then a question: its revision is above both.
        let open = try terminal.poll(after: nil)
        try api.release(api.lock("ACC-WHERE"), of: "ACC-WHERE")
        _ = try ask()
        let asked = try terminal.poll(after: open.rev)
        #expect(!asked.locked)
        // Something else that a poll writes down, so that the test need not guess when.
        try api.lock("ACC-WHERE")
        let locked = try terminal.poll(after: asked.rev)
        _ = try terminal.poll(after: locked.rev)
        try eventually("the second lock to be enforced") { try newestLock()["terminals"][0].has("enforced_at") }
        let first = try api.get("/v1/accounts/ACC-WHERE/locks").json["locks"][1]["terminals"][0]
        #expect(!first.has("delivered_at") && !first.has("enforced_at"))
    }
}
