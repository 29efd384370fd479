import TestSupport
import Testing

/// Networks that forget connections, or go away.
@Suite struct InterruptionTests {
    /// A translator that forgets a quiet connection says nothing to either end: the server's answer to the parked poll goes nowhere.
    @Test func theLockArrivesThroughARouterThatForgetsQuietConnections() async throws {
        try await onItsOwnThread {
            let scene = try Scene(.v4, lease: (20, 8))
            // Three seconds stand for the sixty of a mobile operator; what was forgotten is not learnt from packets in the middle.
            try scene.network.router.run(
                """
                echo 3 > /proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established
                echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose
                """)
            let agent = try scene.tradingTerminal()
            try scene.office.api.waitForParked(1)
            try eventually("the router to forget the connection") {
                try scene.network.router.run("cat /proc/net/nf_conntrack").split(separator: "\n").allSatisfy {
                    !$0.contains("ESTABLISHED") || !$0.contains("dport=443")
                }
            }
            let began = ContinuousClock.now
            try scene.lockArrives(at: agent)
            print("through a router that had forgotten the connection the lock took \(ContinuousClock.now - began)")
        }
    }

    @Test func spendingStopsWithTheNetworkAndGoesOnWithIt() async throws {
        try await onItsOwnThread {
            let scene = try Scene()
            let agent = try scene.tradingTerminal()
            try scene.network.terminal.run("ip link set line0 down")
            try agent.waitUntilItRefuses("lease_expired")
            #expect(agent.permits("balance_enquiry"))
            // What happened meanwhile is met first.
            let hold = try scene.office.api.lock(scene.account)
            #expect(agent.reason() == "lease_expired")
            // An interface that was down has lost its routes.
            try scene.network.terminal.run(
                """
                ip link set line0 up
                ip address replace 2001:db8:77::2/64 nodad dev line0
                ip route replace default via 10.77.0.1
                ip route replace default via 2001:db8:77::1
                """)
            try eventually("the lock", within: .seconds(60)) {
                let reason = agent.reason()
                try #require(reason == "lease_expired" || reason == "account_locked")
                return reason == "account_locked"
            }
            try scene.waitUntilEnforced(hold, by: agent)
            try scene.lift(hold, from: agent)
        }
    }
}
