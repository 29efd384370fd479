import TestSupport
import Testing

/// Lines that lose packets, take their time, or carry only small ones.
@Suite struct LineTests {
    /// Of every packet in either direction, those that look up the name as well.
    @Test(arguments: [3, 30]) func theLockArrivesThroughLoss(of percent: Int) async throws {
        try await onItsOwnThread {
            let scene = try Scene(.v4, lease: (60, 20))
            let agent = try scene.tradingTerminal()
            try scene.network.trouble(
                """
                chain there { type filter hook prerouting priority 0; iifname "line0" numgen random mod 100 < \(percent) drop; }
                chain back { type filter hook postrouting priority 200; oifname "line0" numgen random mod 100 < \(percent) drop; }
                """)
            try scene.lift(scene.lockArrives(at: agent), from: agent)
            // Also when nothing is connected yet.
            let hold = try scene.office.api.lock(scene.account)
            try agent.restart()
            try scene.waitUntilEnforced(hold, by: agent)
            #expect(agent.reason() == "account_locked")
        }
    }

    @Test func aTerminalTradesAndIsLockedOverALineOfTwoSeconds() async throws {
        try await onItsOwnThread {
            let scene = try Scene(.v4, delay: .seconds(1), lease: (60, 20))
            let agent = try scene.tradingTerminal()
            try scene.lift(scene.lockArrives(at: agent), from: agent)
        }
    }

    /// The way is narrower than both ends believe, and the messages that would tell them are lost: IPv6 passes, and no larger packet.
    @Test(arguments: [Network.Families.v4, .v6]) func theLockArrivesWherePacketsOver1280BytesVanish(_ families: Network.Families) async throws {
        try await onItsOwnThread {
            // A certificate that takes more than one packet, as those that are bought do.
            let names = (0..<60).map { "DNS:branch-\($0).office.example.test" }
            let scene = try Scene(families, lease: (60, 20), names: names)
            try scene.network.router.run("ip link set line0 mtu 1280")
            try scene.network.trouble(
                """
                chain narrow { type filter hook forward priority 0; iifname "line0" meta length > 1280 drop; }
                chain silence { type filter hook output priority 0;
                  icmp type destination-unreachable drop
                  icmpv6 type packet-too-big drop
                }
                """)
            let agent = try scene.tradingTerminal()
            try scene.lockArrives(at: agent)
        }
    }
}
