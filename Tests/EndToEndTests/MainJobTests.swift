import TestSupport
import Testing

/// What all of it is for, on the real programs.
@Suite struct MainJobTests {
    @Test func aLockStopsBothTerminalsAndTheSwitchAndAnUnlockOpensThem() throws {
        let server = try ServerProcess()
        let api = server.api
        try api.addAccount("MAIN-JOB", channels: ["KazTimpaPro", "KazangMobi2"])
        try api.addAccount("NEXT-DOOR", channels: ["KazTimpaX"])
        let timpa = try AgentProcess.running(api, on: "KazTimpaPro", account: "MAIN-JOB")
        let mobi = try AgentProcess.running(api, on: "KazangMobi2", claims: "MAIN-JOB")
        let neighbour = try AgentProcess.running(api, on: "KazTimpaX", account: "NEXT-DOOR")
        for agent in [timpa, mobi, neighbour] { try agent.waitUntilItPermits() }
        #expect(try timpa.command("check", "airtime_vend", "--amount-cents", "5000", "--reference", "A-1").status == 0)
        #expect(try mobi.command("check", "deposit_advance").status == 0)
        for agent in [timpa, mobi] { #expect(try api.authorizes(agent, "airtime_vend", on: "MAIN-JOB")["permitted"].bool == true) }
        #expect(try timpa.status["connected"].bool == true)

        let hold = try api.lock("MAIN-JOB", reason: "stolen")
        for agent in [timpa, mobi] {
            try agent.waitUntilItRefuses("account_locked")
            for operation in ["airtime_vend", "deposit_advance"] {
                let refused = try agent.command("check", operation)
                #expect(refused.status == 1)
                #expect(refused.output.contains("account_locked"), "\(refused.output)")
                let answer = try api.authorizes(agent, operation, on: "MAIN-JOB")
                #expect(answer["permitted"].bool == false && answer["reason"].string == "account_locked")
            }
            #expect(try agent.command("check", "balance_enquiry").status == 0)
            #expect(try agent.status["reasons"].strings == ["account_locked"])
        }
        try eventually("both terminals to enforce the lock") {
            try api.terminals(of: hold, on: "MAIN-JOB").values.filter { $0["enforced_at"].string != nil }.count == 2
        }
        let terminals = try api.terminals(of: hold, on: "MAIN-JOB")
        #expect(Set(terminals.keys) == [timpa.imei, mobi.imei])
        for terminal in terminals.values {
            #expect(terminal["delivered_at"].string != nil)
            #expect(terminal["time_to_lock_ms"].integer.map { $0 >= 0 } == true)
        }
        #expect(neighbour.permits() && neighbour.permits("deposit_advance"))
        #expect(try api.authorizes(neighbour, "airtime_vend", on: "NEXT-DOOR")["permitted"].bool == true)
        #expect(try api.must(200, "GET", "/v1/accounts/NEXT-DOOR/locks")["locks"].array.isEmpty)

        try api.release(hold, of: "MAIN-JOB")
        for agent in [timpa, mobi] {
            try agent.waitUntilItPermits()
            #expect(try agent.command("check", "deposit_advance").status == 0)
            #expect(try api.authorizes(agent, "deposit_advance", on: "MAIN-JOB")["permitted"].bool == true)
        }
        for agent in [timpa, mobi, neighbour] { #expect(try agent.stop() == .exit(0)) }
        #expect(try server.stop() == .exit(0))
    }

    /// Locked and unlocked again and again: each change arrives, and none overtakes a later one.
    @Test func followsEveryChangeOfMany() throws {
        let server = try ServerProcess()
        try server.api.addAccount("MANY-LOCKS")
        let agent = try AgentProcess.running(server.api, account: "MANY-LOCKS")
        try agent.waitUntilItPermits()
        var revision: Int64 = 0
        for _ in 0..<20 {
            let holds = try ["staff", "vendor", "fraud"].map { try server.api.lock("MANY-LOCKS", kind: $0) }
            try agent.waitUntilItRefuses("account_locked")
            for hold in holds.dropLast() { try server.api.release(hold, of: "MANY-LOCKS") }
            try eventually("the last lock to be enforced") { try server.api.isEnforced(holds[2], on: "MANY-LOCKS", by: agent) }
            #expect(agent.reason() == "account_locked", "one hold still stands")
            try server.api.release(holds[2], of: "MANY-LOCKS")
            try agent.waitUntilItPermits()
            let now = try agent.decision()["revision"].integer ?? 0
            #expect(now > revision)
            revision = now
        }
    }
}
