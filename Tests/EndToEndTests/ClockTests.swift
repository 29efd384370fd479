import Foundation
import Glibc
import TestSupport
import Testing

/// A terminal whose wall clock is wrong, or is set while it runs; the server's is right.
@Suite struct ClockTests {
    private let certificates: Certificates
    private let account = Names.reference()

    init() throws { certificates = try Certificates() }

    private var configuration: String { get throws { try certificates.configuration("ours", pins: ["ours", "foreign"]) } }

    /// A server with TLS, and a terminal of it that is not enrolled yet.
    private func site(hasPins: Bool = true) throws -> (server: ServerProcess, agent: AgentProcess, code: String) {
        let plain = try ServerProcess()
        try plain.api.addAccount(account)
        let imei = Names.imei()
        try plain.api.addDevice(imei, account: account)
        let code = try plain.api.enrolmentCode(for: imei)
        try plain.stop()
        let server = try plain.successor(configuration: hasPins ? configuration : certificates.configuration("ours"), port: plain.port)
        let agent = try AgentProcess(imei, on: "KazTimpaPro", server: "https://127.0.0.1:\(server.port)", caFile: certificates.authority("ours"))
        return (server, agent, code)
    }

    private func notes(_ server: ServerProcess) throws -> String {
        try Programs.run("sqlite3", ["-readonly", server.data + "/store.db", "SELECT text FROM notes"]).output
    }

    /// Milliseconds of the boot clock.
    private func uptime() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    @Test func aTerminalThatStartsIn1970EnrolsConnectsAndTrades() throws {
        let (first, agent, code) = try site()
        var server = first
        let clock = try FakeClock(.reset)
        agent.environment = clock.environment
        try agent.enrol(code: code)
        try agent.start()
        try agent.waitUntilItPermits()
        #expect(agent.log.contains("The clock is wrong (1970-01-01T00:00"), "\(agent.log)")
        #expect(agent.log.components(separatedBy: "clock is wrong").count == 2, "said once: \(agent.log)")

        // Authority and key count as ever.
        try server.kill()
        server = try server.successor(configuration: certificates.configuration("foreign", pins: ["foreign", "ours"]), port: server.port)
        try agent.waitUntilItRefuses("lease_expired")
        try eventually("the foreign authority to be noticed") { agent.log.contains("tls_certificate") }
        try server.kill()
        try certificates.issue("other")
        server = try server.successor(configuration: certificates.configuration("other", pins: ["other", "ours"]), port: server.port)
        try eventually("the other key to be noticed") { agent.log.contains("tls_pin") }
        #expect(!agent.permits())
        try server.kill()
        server = try server.successor(configuration: configuration, port: server.port)
        try agent.waitUntilItPermits()
        try agent.stop()
        try server.stop()
    }

    @Test func aTerminalWithPinsTradesWhateverItsClockSaysAtTheStart() throws {
        let (first, agent, code) = try site()
        var server = first
        try agent.enrol(code: code)
        let clock = try FakeClock(.days(20 * 365))
        agent.environment = clock.environment
        try agent.start()
        try agent.waitUntilItPermits()
        #expect(!agent.log.contains("tls_"), "\(agent.log)")

        // A lock that was made meanwhile, over a connection that is made once the server was heard.
        try server.stop()
        let plain = try server.successor()
        let hold = try plain.api.lock(account)
        try plain.stop()
        server = try plain.successor(configuration: configuration, port: server.port)
        try agent.waitUntilItRefuses("account_locked")
        try server.stop()
        let last = try server.successor()
        try last.api.release(hold, of: account)
        try last.stop()
        // And its end, over the first of an agent that starts.
        try agent.restart()
        #expect(agent.reason() == "account_locked")
        server = try last.successor(configuration: configuration, port: server.port)
        try agent.waitUntilItPermits()

        // Authority and key count as ever, after the server is heard and before.
        try server.kill()
        server = try server.successor(configuration: certificates.configuration("foreign", pins: ["foreign", "ours"]), port: server.port)
        try agent.waitUntilItRefuses("lease_expired")
        try eventually("the foreign authority to be noticed") { agent.log.contains("tls_certificate") }
        try agent.restart()
        try eventually("the foreign authority to be noticed again") { agent.log.contains("tls_certificate") }
        #expect(agent.reason() == "no_lease")
        try server.kill()
        try certificates.issue("other")
        server = try server.successor(configuration: certificates.configuration("other", pins: ["other", "ours"]), port: server.port)
        try agent.restart()
        try eventually("the other key to be noticed") { agent.log.contains("tls_pin") }
        #expect(agent.reason() == "no_lease")
        try agent.stop()
        try server.stop()
    }

    @Test func withoutPinsAClockThatIsAheadAtTheStartFailsClosedAndTells() throws {
        let (server, agent, code) = try site(hasPins: false)
        try agent.enrol(code: code)
        let clock = try FakeClock(.days(3650))
        agent.environment = clock.environment
        try agent.start()
        try eventually("the certificate to look expired") { agent.log.contains("tls_certificate") && agent.log.contains("by the clock here") }
        #expect(agent.reason() == "no_lease")
        // Put right while it runs: no restart is needed.
        try clock.set(.days(0))
        try agent.waitUntilItPermits()
        try eventually("the refusal to be on the account") { try notes(server).contains("refused a lease: tls_certificate") }
        try agent.stop()
        try server.stop()
    }

    @Test func settingTheClockNeitherLengthensALeaseNorLosesALock() throws {
        let (first, agent, code) = try site()
        var server = first
        try agent.enrol(code: code)
        let clock = try FakeClock(.days(0))
        agent.environment = clock.environment
        try agent.start()
        try agent.waitUntilItPermits()
        // While the server is there, no setting of the clock is noticed by anybody.
        for time in [FakeClock.Time.days(3650), .days(-3650), .reset, .days(0)] {
            try clock.set(time)
            let before = try GateConnection(agent.socket).state()
            try eventually("an answer at \(time)") {
                let state = try GateConnection(agent.socket).state()
                return (state["last_contact_ms"].integer ?? .max) < 500 && state["lease_ms"] != before["lease_ms"]
            }
            #expect(agent.permits(), "at \(time): \(agent.log)")
        }

        // Without the server the lease ends when it ends, whatever the clock says meanwhile.
        server.process.signal(SIGSTOP)
        func end() throws -> (earliest: Int, latest: Int) {
            let before = uptime()
            let left = try #require(try GateConnection(agent.socket).state()["lease_ms"].integer)
            return (before + Int(left), uptime() + Int(left))
        }
        // Longer than a poll waits: no answer is on its way any more.
        try eventually("silence") { (try GateConnection(agent.socket).state()["last_contact_ms"].integer ?? 0) > 1200 }
        let lease = try end()
        for time in [FakeClock.Time.days(3650), .days(-3650), .reset, .days(1)] {
            try clock.set(time)
            let now = try end()
            // What is left is in whole milliseconds.
            if uptime() < lease.earliest { #expect(now.earliest <= lease.latest + 2 && now.latest >= lease.earliest - 2, "at \(time)") }
        }
        try agent.waitUntilItRefuses("lease_expired")
        #expect(uptime() >= lease.earliest - 2)
        try clock.set(.days(-3650))
        #expect(agent.reason() == "lease_expired")
        server.process.signal(SIGCONT)
        try clock.set(.days(0))
        try agent.waitUntilItPermits()

        // A lock outlives any clock, a kill and a start in 1970 without the server.
        try server.stop()
        let plain = try server.successor()
        let hold = try plain.api.lock(account)
        try plain.stop()
        server = try plain.successor(configuration: configuration, port: server.port)
        try agent.waitUntilItRefuses("account_locked")
        for time in [FakeClock.Time.days(3650), .days(-3650), .reset] {
            try clock.set(time)
            #expect(agent.reason() == "account_locked", "at \(time)")
        }
        server.process.signal(SIGSTOP)
        for time in [FakeClock.Time.reset, .days(3650), .days(-3650)] {
            try clock.set(time)
            try agent.restart()
            #expect(agent.reason() == "account_locked", "started at \(time)")
        }
        server.process.signal(SIGCONT)
        try server.stop()
        let last = try server.successor()
        try last.api.release(hold, of: account)
        try last.stop()
        server = try last.successor(configuration: configuration, port: server.port)
        try agent.waitUntilItPermits()
        try agent.stop()
        try server.stop()
    }
}
