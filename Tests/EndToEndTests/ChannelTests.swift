import TestSupport
import Testing

/// Channels, single devices, and devices that move.
@Suite struct ChannelTests {
    @Test func aChannelThatIsTakenAwayStopsItsTerminalAndNoOther() throws {
        let server = try ServerProcess()
        let api = server.api
        try api.addAccount("CHAN-1", channels: ["KazTimpaPro", "KazangMobi2"])
        let timpa = try AgentProcess.running(api, on: "KazTimpaPro", account: "CHAN-1")
        let mobi = try AgentProcess.running(api, on: "KazangMobi2", claims: "CHAN-1")
        for agent in [timpa, mobi] { try agent.waitUntilItPermits() }
        let path = "/v1/accounts/CHAN-1/locked-channels"
        try api.must(200, "PUT", path, #"{"channels":["KazTimpaPro"],"ticket":"T-1","force_reason":"the second terminal is sold"}"#)
        try mobi.waitUntilItRefuses("channel_not_permitted")
        #expect(mobi.reason("deposit_advance") == "channel_not_permitted")
        #expect(try api.authorizes(mobi, "airtime_vend", on: "CHAN-1")["reason"].string == "channel_not_permitted")
        try eventually("the Timpa to have heard of it") { try timpa.decision()["revision"].integer == mobi.decision()["revision"].integer }
        #expect(timpa.permits() && timpa.permits("deposit_advance"))

        // A restart does not help it, and the attempt is on the account.
        try mobi.restart()
        try mobi.waitUntilItRefuses("channel_not_permitted")
        try eventually("the attempt to be noted") {
            try api.notes(on: "CHAN-1").contains { $0.contains(mobi.imei) && $0.contains("channel_not_permitted") }
        }
        try api.must(200, "PUT", path, #"{"channels":["KazTimpaPro","KazangMobi2"],"ticket":"T-2"}"#)
        try mobi.waitUntilItPermits()
        #expect(timpa.permits())
    }

    @Test func aHoldOnADeviceStopsThatDeviceAlone() throws {
        let server = try ServerProcess()
        let api = server.api
        try api.addAccount("CHAN-2", channels: ["KazTimpaPro", "KazangMobi2"])
        let timpa = try AgentProcess.running(api, on: "KazTimpaPro", account: "CHAN-2")
        let mobi = try AgentProcess.running(api, on: "KazangMobi2", claims: "CHAN-2")
        for agent in [timpa, mobi] { try agent.waitUntilItPermits() }
        let before = try timpa.decision()["revision"].integer
        let holds = "/v1/devices/\(mobi.imei)/holds"
        let hold = try api.must(201, "POST", holds, #"{"kind":"staff","reason":"stolen"}"#)["id"].string ?? ""
        try mobi.waitUntilItRefuses("device_locked")
        #expect(timpa.permits() && timpa.permits("deposit_advance"))
        #expect(try api.authorizes(mobi, "airtime_vend", on: "CHAN-2")["reason"].string == "device_locked")
        #expect(try api.authorizes(timpa, "airtime_vend", on: "CHAN-2")["permitted"].bool == true)
        // The account's own lock on top, and off again: the device's stays.
        let account = try api.lock("CHAN-2")
        for agent in [timpa, mobi] { try eventually("the lock") { try agent.status["reasons"].strings.contains("account_locked") } }
        try api.release(account, of: "CHAN-2")
        try timpa.waitUntilItPermits()
        try eventually("the device's own lock alone") { try mobi.status["reasons"].strings == ["device_locked"] }
        try api.must(200, "DELETE", holds + "/\(hold)", #"{"note":"found again"}"#)
        try mobi.waitUntilItPermits()
        #expect(try timpa.decision()["revision"].integer ?? 0 > before ?? 0)
    }

    /// An unregistered device signs in elsewhere: the other account is older, and its terminal must still believe the lease.
    @Test func aDeviceThatMovesToAnotherAccountGetsAHigherRevisionAndTrades() throws {
        let server = try ServerProcess()
        let api = server.api
        try api.addAccount("MOVE-OLD", channels: ["KazangMobi2"])
        try api.addAccount("MOVE-NEW", channels: ["KazangMobi2"])
        let mobi = try AgentProcess.running(api, on: "KazangMobi2", claims: "MOVE-NEW")
        try mobi.waitUntilItPermits()
        for _ in 0..<3 {
            let hold = try api.lock("MOVE-NEW")
            try mobi.waitUntilItRefuses("account_locked")
            try api.release(hold, of: "MOVE-NEW")
            try mobi.waitUntilItPermits()
        }
        let before = try #require(try mobi.decision()["revision"].integer)
        try mobi.stop()
        mobi.account = "MOVE-OLD"
        try mobi.start()
        try mobi.waitUntilItPermits()
        #expect(try mobi.status["account"].string == "MOVE-OLD")
        #expect(try mobi.decision()["revision"].integer ?? 0 > before)
        let left = try api.lock("MOVE-NEW")
        let right = try api.lock("MOVE-OLD")
        try mobi.waitUntilItRefuses("account_locked")
        try eventually("the lock to be enforced") { try api.isEnforced(right, on: "MOVE-OLD", by: mobi) }
        #expect(try api.terminals(of: left, on: "MOVE-NEW")[mobi.imei] == nil)
        try api.release(right, of: "MOVE-OLD")
        try mobi.waitUntilItPermits()
    }
}
