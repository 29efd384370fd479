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
}
