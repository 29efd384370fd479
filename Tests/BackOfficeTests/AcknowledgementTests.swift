import TestSupport
import Testing
import Wire

/// Invariant 4: `requested → committed → delivered → enforced`, each when it is so and not before.
@Suite struct AcknowledgementTests {
    private let server: InProcess
    private var api: API { server.api }

    init() throws {
        server = try InProcess()
        try server.api.addAccount("ACC-ACK", channels: ["KazTimpaPro", "KazangMobi2"])
    }

    private func connected() throws -> TestTerminal {
        let terminal = try TestTerminal.enrolled(api, account: "ACC-ACK")
        try terminal.connect(now: server.clock.now.unixSeconds)
        return terminal
    }

    private func newestLock() throws -> JSONValue { try api.must(200, "GET", "/v1/accounts/ACC-ACK/locks")["locks"][0] }

    private func time(_ value: JSONValue) -> Int64? { value.string.flatMap { Timestamp($0) }?.unixMilliseconds }

    @Test func showsEachStepWithItsTime() throws {
        let terminal = try connected()
        let poll = try terminal.startPoll(after: terminal.poll(after: nil).rev)
        try api.waitForParked(1)
        try api.lock("ACC-ACK")
        let lease = try terminal.lease(poll)
        try eventually("delivered_at") { try newestLock()["terminals"][0].has("delivered_at") }
        #expect(!(try newestLock()["terminals"][0].has("enforced_at")), "handed over is not enforced")
        #expect(!(try newestLock()["terminals"][0].has("time_to_lock_ms")))
        server.clock.advance(by: .milliseconds(250))
        let next = try terminal.startPoll(after: lease.rev)
        try eventually("enforced_at") { try newestLock()["terminals"][0].has("enforced_at") }
        let lock = try newestLock()
        #expect(lock["terminals"].array.count == 1)
        let row = lock["terminals"][0]
        #expect(row["imei"].string == terminal.imei)
        let times = try [lock["requested_at"], lock["committed_at"], row["delivered_at"], row["enforced_at"]].map { try #require(time($0)) }
        #expect(times == times.sorted())
        #expect(row["time_to_lock_ms"].integer == times[3] - times[1])
        #expect(times[3] - times[1] == 250)
        #expect(try api.metric("vendlock_time_to_lock_seconds_count") == 1)
        try api.waitForParked(1)
        #expect(!next.connection.hasNews())
    }

    @Test func takesAnOlderRevisionForNoAcknowledgement() throws {
        let terminal = try connected()
        let before = try terminal.poll(after: nil).rev
        try api.lock("ACC-ACK")
        let locked = try terminal.poll(after: before)
        _ = try terminal.poll(after: before)
        _ = try terminal.poll(after: locked.rev - 1)
        // What a poll says is written down in order, so once this one is, the others would be.
        try api.lock("ACC-ACK", kind: "fraud")
        _ = try terminal.poll(after: locked.rev)
        try eventually("the first lock to be enforced") {
            try api.get("/v1/accounts/ACC-ACK/locks").json["locks"][1]["terminals"][0].has("enforced_at")
        }
        #expect(!(try newestLock()["terminals"][0].has("enforced_at")))
    }

    @Test func takesARevisionThatWasNeverGivenForNoAcknowledgement() throws {
        let terminal = try connected()
        _ = try terminal.poll(after: nil)
        let id = try api.lock("ACC-ACK")
        // A terminal that has not seen the lock cannot enforce it, whatever it says.
        let answer = try terminal.poll(after: .max)
        #expect(answer.locked)
        try eventually("delivered_at") { try newestLock()["terminals"][0].has("delivered_at") }
        #expect(!(try newestLock()["terminals"][0].has("enforced_at")))
        #expect(try newestLock()["id"].string == id)
    }

    /// A terminal that was away during lock and release stores the release only; it never enforced that lock.
    @Test func doesNotCallALockEnforcedThatWasReleasedBeforeTheTerminalSawIt() throws {
        let terminal = try connected()
        _ = try terminal.poll(after: nil)
        try api.release(api.lock("ACC-ACK"), of: "ACC-ACK")
        let open = try terminal.poll(after: 0)
        #expect(!open.locked)
        // A second lock is confirmed after the first would be, so the test need not guess when.
        try api.lock("ACC-ACK")
        let locked = try terminal.poll(after: open.rev)
        _ = try terminal.poll(after: locked.rev)
        try eventually("the second lock to be enforced") { try newestLock()["terminals"][0].has("enforced_at") }
        let first = try api.get("/v1/accounts/ACC-ACK/locks").json["locks"][1]["terminals"][0]
        #expect(!first.has("delivered_at") && !first.has("enforced_at") && !first.has("time_to_lock_ms"))
        #expect(try api.metric("vendlock_time_to_lock_seconds_count") == 1)
    }

    @Test func hearsTheFirstPollAfterARestart() throws {
        let server = try ServerProcess()
        try server.api.addAccount("ACC-ACK2")
        let terminal = try TestTerminal.connected(server.api, account: "ACC-ACK2")
        try server.api.lock("ACC-ACK2")
        let locked = try terminal.poll(after: 0)
        try server.stop()
        let next = try server.successor()
        terminal.server = next.api.with(token: nil)
        let parked = try terminal.startPoll(after: locked.rev)
        try next.api.waitForParked(1)
        try eventually("enforced_at") { try next.api.get("/v1/accounts/ACC-ACK2/locks").json["locks"][0]["terminals"][0].has("enforced_at") }
        #expect(!parked.connection.hasNews())
        let row = try next.api.get("/v1/accounts/ACC-ACK2/locks").json["locks"][0]["terminals"][0]
        #expect(try #require(row["time_to_lock_ms"].integer) >= 0)
    }

    @Test func countsALeaseThatCameWithAConnectionAsDelivered() throws {
        let terminal = try connected()
        try api.lock("ACC-ACK")
        let lease = try terminal.connect(now: server.clock.now.unixSeconds)
        #expect(lease.locked)
        try eventually("delivered_at") { try newestLock()["terminals"][0].has("delivered_at") }
        _ = try terminal.poll(after: lease.rev)
        try eventually("enforced_at") { try newestLock()["terminals"][0].has("enforced_at") }
        let row = try newestLock()["terminals"][0]
        #expect(try #require(time(row["delivered_at"])) <= #require(time(row["enforced_at"])))
    }

    @Test func waitsForEveryTerminalOfTheAccount() throws {
        let first = try connected()
        let second = try TestTerminal.enrolled(api, claims: "ACC-ACK", on: "KazangMobi2")
        try second.connect(now: server.clock.now.unixSeconds)
        // Known and registered, but without a key there is nothing that could enforce.
        try api.addAccount("ACC-NONE")
        try api.addDevice(Names.imei(), account: "ACC-NONE")
        try api.lock("ACC-NONE")
        #expect(try api.get("/v1/accounts/ACC-NONE/locks").json["locks"][0]["terminals"] == .array([]))
        try api.lock("ACC-ACK")
        _ = try first.poll(after: first.poll(after: 0).rev)
        try eventually("the first terminal") { try newestLock()["terminals"].array.filter { $0.has("enforced_at") }.count == 1 }
        let rows = try newestLock()["terminals"].array
        #expect(rows.map { $0["imei"].string }.sorted { $0! < $1! } == [first.imei, second.imei].sorted())
        #expect(rows.first { $0.has("enforced_at") }?["imei"].string == first.imei)
    }

    @Test func keepsCommittedTimesThroughACrash() throws {
        let server = try ServerProcess()
        try server.api.addAccount("ACC-CRASH")
        try server.api.lock("ACC-CRASH")
        try server.kill()
        let lock = try server.successor().api.get("/v1/accounts/ACC-CRASH/locks").json["locks"][0]
        let times = try [lock["requested_at"], lock["committed_at"]].map { try #require(time($0)) }
        #expect(times == times.sorted())
    }
}
