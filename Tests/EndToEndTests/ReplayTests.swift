import TestSupport
import Testing

/// The network in the thief's hand: old leases, altered leases, late leases.
@Suite struct ReplayTests {
    private let server: ServerProcess
    private let proxy: LeaseProxy
    private let agent: AgentProcess
    private let account = Names.reference()

    init() throws {
        // Polls come back every second, so that the thief has something to forge.
        server = try ServerProcess(configuration: #"{ "lease": { "ttl_s": 4, "wait_s": 1 } }"#)
        proxy = try LeaseProxy(to: server.port)
        proxy.keepAnswers(true)
        try server.api.addAccount(account)
        agent = try AgentProcess.running(server.api, account: account, through: proxy.url)
        try agent.waitUntilItPermits()
    }

    private func waitForTheNote(_ why: String) throws {
        try eventually("the refused lease to be on the account", within: .seconds(40)) {
            try server.api.notes(on: account).contains { $0.contains(agent.imei) && $0.contains("refused a lease: \(why)") }
        }
    }

    @Test func anOldPermissionThatIsPlayedAgainLiftsNoLock() throws {
        defer { proxy.stop() }
        try eventually("a permission to be kept") { proxy.hasKeptPoll }
        proxy.keepAnswers(false)
        let hold = try server.api.lock(account)
        try eventually("the lock to be enforced") { try server.api.isEnforced(hold, on: account, by: agent) }
        proxy.become(.replaying)
        try eventually("old leases to be played") {
            #expect(!agent.permits())
            return proxy.forged >= 2
        }
        #expect(agent.reason() == "account_locked")
        // Also to an agent that has just started, and its connection with it.
        try agent.restart()
        let before = proxy.forged
        try eventually("the old connection to be played") {
            #expect(!agent.permits())
            return proxy.forged >= before + 2
        }
        #expect(agent.reason() == "account_locked")
        proxy.become(.honest)
        try waitForTheNote("nonce")
        #expect(agent.reason() == "account_locked")
        try server.api.release(hold, of: account)
        try agent.waitUntilItPermits()
    }

    @Test func oneAlteredByteMakesALeaseWorthless() throws {
        defer { proxy.stop() }
        proxy.become(.flipping)
        try agent.waitUntilItRefuses("lease_expired")
        try eventually("altered leases to be sent") { proxy.forged >= 2 }
        #expect(agent.reason() == "lease_expired")
        proxy.become(.honest)
        try waitForTheNote("bad_signature")
        try agent.waitUntilItPermits()
    }

    @Test func leasesThatComeLaterThanTheyRunPermitNothing() throws {
        defer { proxy.stop() }
        proxy.become(.delaying(.seconds(5)))
        try agent.waitUntilItRefuses("lease_expired")
        let before = proxy.forged
        try eventually("a late lease to arrive") {
            #expect(!agent.permits())
            return proxy.forged >= before + 1 && agent.reason() == "lease_expired"
        }
        #expect(agent.permits("balance_enquiry"))
        proxy.become(.honest)
        try agent.waitUntilItPermits()
    }
}
