import Glibc
import TestSupport
import Testing

/// No server: the lease runs out, and trade goes on by itself once there is one again.
@Suite struct ServerGoneTests {
    @Test func theLeaseRunsOutWithoutAServerAndTheTerminalTradesAgainByItself() throws {
        let configuration = #"{ "lease": { "ttl_s": 3, "wait_s": 1 } }"#
        let server = try ServerProcess(configuration: configuration)
        try server.api.addAccount("GONE-1")
        let agent = try AgentProcess.running(server.api, account: "GONE-1")
        try agent.waitUntilItPermits()
        var left = try agent.decision()["lease_ms"].integer ?? 0
        try eventually("the lease to be renewed") {
            let before = left
            left = try agent.decision()["lease_ms"].integer ?? 0
            return left > before
        }

        try server.kill()
        try agent.waitUntilItRefuses("lease_expired")
        #expect(agent.reason("deposit_advance") == "lease_expired")
        for operation in ["balance_enquiry", "statement", "reprint", "support", "sync"] { #expect(agent.permits(operation), "\(operation)") }
        let refused = try agent.command("check", "airtime_vend")
        #expect(refused.status == 1 && refused.output.contains("lease_expired"))
        #expect(try agent.status["lease_ms"].integer == 0)

        let next = try server.successor(configuration: configuration, port: server.port)
        try agent.waitUntilItPermits()
        #expect(try agent.status["connected"].bool == true)
        let hold = try next.api.lock("GONE-1")
        try agent.waitUntilItRefuses("account_locked")
        try eventually("the lock to be enforced") { try next.api.isEnforced(hold, on: "GONE-1", by: agent) }
    }

    @Test func theServersCapEndsSpendingUntilItIsHeardAgain() throws {
        let configuration = #"{ "lease": { "ttl_s": 600, "wait_s": 250, "cap_cents": 10000 } }"#
        let server = try ServerProcess(configuration: configuration)
        try server.api.addAccount("CAP-1")
        let agent = try AgentProcess.running(server.api, account: "CAP-1")
        try eventually("a lease") { try agent.status["lease_ms"].integer ?? 0 > 0 }
        func vend(_ cents: String) throws -> Int32 { try agent.command("check", "airtime_vend", "--amount-cents", cents).status }

        try server.kill()
        #expect(try vend("6000") == 0)
        #expect(try vend("5000") == 1)
        #expect(try vend("4000") == 0)
        #expect(agent.reason() == "spend_cap_reached")
        #expect(agent.permits("balance_enquiry"))

        let next = try server.successor(configuration: configuration, port: server.port)
        try eventually("a sale after the server was heard", within: .seconds(40)) { try vend("10000") == 0 }
        // Connected, it need not wait for its poll to end.
        try eventually("another sale") { try vend("10000") == 0 }
        #expect(try next.api.get("/healthz").status == 200)
    }

    /// A lock that was placed while the terminal was away waits for it.
    @Test func aTerminalThatWasAwayMeetsTheLockBeforeAnythingElse() throws {
        let server = try ServerProcess()
        try server.api.addAccount("AWAY-1")
        let agent = try AgentProcess.running(server.api, account: "AWAY-1")
        try agent.waitUntilItPermits()
        try agent.stop()
        let hold = try server.api.lock("AWAY-1")
        #expect(try server.api.terminals(of: hold, on: "AWAY-1")[agent.imei]?["delivered_at"].string == nil)
        try agent.start()
        // From the first answer of its gate on: no lease, then the lock, never a sale.
        while agent.reason() != "account_locked" { try #require(agent.reason() != nil) }
        try eventually("the lock to be enforced") { try server.api.isEnforced(hold, on: "AWAY-1", by: agent) }
    }

    /// A server that is there and says nothing is no better than none.
    @Test func theLeaseRunsOutWhileTheServerHangs() throws {
        let server = try ServerProcess(configuration: #"{ "lease": { "ttl_s": 3, "wait_s": 1 } }"#)
        try server.api.addAccount("HANG-1")
        let agent = try AgentProcess.running(server.api, account: "HANG-1")
        try agent.waitUntilItPermits()
        server.process.signal(SIGSTOP)
        try agent.waitUntilItRefuses("lease_expired")
        #expect(agent.permits("balance_enquiry"))
        server.process.signal(SIGCONT)
        try agent.waitUntilItPermits()
    }

    /// A server from a backup knows less than its terminals, and they still obey it.
    @Test func terminalsObeyAServerThatWasRestoredFromAnOlderBackup() throws {
        let server = try ServerProcess()
        let directory = try TemporaryDirectory()
        try server.api.addAccount("BACKUP-1")
        let agent = try AgentProcess.running(server.api, account: "BACKUP-1")
        try agent.waitUntilItPermits()
        let saved = try Programs.run(Programs.server, ["backup", directory.file("copy.db"), "--data", server.data])
        #expect(saved.status == 0, "\(saved.errors)")
        // What the backup does not know: a lock that the terminal has stored.
        try server.api.lock("BACKUP-1")
        try agent.waitUntilItRefuses("account_locked")
        let seen = try agent.decision()["revision"].integer ?? 0
        try server.kill()
        let data = directory.file("restored")
        let restored = try Programs.run(Programs.server, ["restore", directory.file("copy.db"), "--data", data])
        #expect(restored.status == 0, "\(restored.errors)")
        #expect(agent.reason() == "account_locked", "the lock stands until a newer lease lifts it")
        let next = try ServerProcess(data: data, port: server.port)
        try agent.waitUntilItPermits()
        #expect(try agent.decision()["revision"].integer ?? 0 > seen)
        let hold = try next.api.lock("BACKUP-1")
        try agent.waitUntilItRefuses("account_locked")
        try eventually("the lock to be enforced") { try next.api.isEnforced(hold, on: "BACKUP-1", by: agent) }
    }
}
