import Glibc
import TestSupport
import Testing

/// An agent that its terminal stops, as `systemctl stop` and `mask` do: people hear of it, and nothing stays behind once it is back.
@Suite struct StoppedAgentTests {
    @Test func aLockedTerminalWhoseAgentIsStoppedIsOverdueAndAnAlertUntilItIsBack() throws {
        let slack = try SlackStandIn()
        let server = try ServerProcess(
            configuration: #"{ "lease": { "ttl_s": 3, "wait_s": 1 }, "alerts": { "webhook_url": "\#(slack.webhookURL)" } }"#)
        let api = server.api
        try api.addAccount("STOPPED-1")
        let agent = try AgentProcess.running(api, account: "STOPPED-1")
        try agent.waitUntilItPermits()
        let hold = try api.lock("STOPPED-1")
        try eventually("the lock to be enforced") { try api.isEnforced(hold, on: "STOPPED-1", by: agent) }
        func isOverdue() throws -> Bool? { try api.get("/v1/devices/\(agent.imei)").json["overdue"].bool }
        #expect(try isOverdue() == false)

        #expect(try agent.stop() == .exit(0))
        #expect(throws: (any Error).self) { try agent.decision() }
        #expect(try agent.command("check", "airtime_vend").status == 3)
        try eventually("it to be overdue") { try isOverdue() == true }
        // The server looks once a minute.
        let alert = try slack.waitForText(containing: agent.imei, within: .seconds(120))
        #expect(alert.contains("is locked and has not been heard since"), "\(alert)")
        #expect(try api.metric("vendlock_alerts_total{kind=\"locked_silent\"}") == 1)

        try agent.start()
        #expect(agent.reason() == "account_locked")
        try eventually("it to be heard") { try isOverdue() == false }
        try api.release(hold, of: "STOPPED-1")
        try agent.waitUntilItPermits()
        #expect(try isOverdue() == false)
        #expect(slack.texts.count == 1, "\(slack.texts)")
    }

    /// What the gate has permitted is done; the next question is refused, and the lock's times say which came first.
    @Test func aSaleInFlightIsDoneAndTheNextIsRefused() throws {
        let server = try ServerProcess()
        let api = server.api
        try api.addAccount("FLIGHT-1")
        let agent = try AgentProcess.running(api, account: "FLIGHT-1")
        try agent.waitUntilItPermits()
        let application = try GateConnection(agent.socket)
        let sale = try application.check("airtime_vend")
        #expect(sale["permitted"].bool == true)
        let hold = try api.lock("FLIGHT-1")
        // The same application, on the connection it has.
        let refusal = try eventually("the next question to be refused") { () -> JSONValue? in
            let next = try application.check("airtime_vend")
            return next["permitted"].bool == false ? next : nil
        }
        #expect(refusal["reason"].string == "account_locked")
        #expect(try #require(refusal["revision"].integer) > #require(sale["revision"].integer))
        try eventually("the lock to be enforced") { try api.isEnforced(hold, on: "FLIGHT-1", by: agent) }
        let lock = try #require(try api.must(200, "GET", "/v1/accounts/FLIGHT-1/locks")["locks"].array.first { $0["id"].string == hold })
        let terminal = try #require(lock["terminals"].array.first { $0["imei"].string == agent.imei })
        let times = try [lock["requested_at"], terminal["delivered_at"], terminal["enforced_at"]].map { try #require($0.string) }
        #expect(times == times.sorted(), "\(times)")
    }
}
