import Foundation
import Glibc
import TestSupport
import Testing

/// The power goes and comes back: another boot, whose clock begins anew. What ran by the old clock is over; what was decided stands.
///
/// The agent starts in a time namespace whose CLOCK_BOOTTIME has just begun, and sees another boot identifier.
@Suite(.enabled(if: geteuid() == 0, "namespaces of time and mounts need root")) struct RebootTests {
    private let directory: TemporaryDirectory
    private let server: ServerProcess

    init() throws {
        directory = try TemporaryDirectory()
        server = try ServerProcess()
    }

    /// - Parameter seconds: since the new boot.
    private func reboot(_ agent: AgentProcess, seconds: Int = 5) throws {
        try agent.kill()
        var clock = timespec()
        clock_gettime(CLOCK_BOOTTIME, &clock)
        let bootID = try directory.write(String(contentsOfFile: "/proc/sys/kernel/random/uuid", encoding: .utf8), to: "boot_id")
        agent.wrapper = [
            "unshare", "--mount", "--time", "--fork", "--kill-child=SIGKILL", "--boottime", "\(seconds - clock.tv_sec)",
            "sh", "-c", #"mount --bind "$0" /proc/sys/kernel/random/boot_id && exec "$@""#, bootID,
        ]
        try agent.start()
    }

    @Test func aRebootEndsALeaseAndAConnectionBringsANewOne() throws {
        try server.api.addAccount("REBOOT-1")
        let agent = try AgentProcess.running(server.api, account: "REBOOT-1")
        try agent.waitUntilItPermits()
        #expect(try agent.status["lease_ms"].integer ?? 0 > 100_000, "the lease that the reboot ends")
        server.process.signal(SIGSTOP)
        for _ in 1...3 {
            try reboot(agent)
            #expect(agent.reason() == "no_lease")
        }
        server.process.signal(SIGCONT)
        try agent.waitUntilItPermits()
    }

    @Test func aRebootKeepsALock() throws {
        try server.api.addAccount("REBOOT-2")
        let agent = try AgentProcess.running(server.api, account: "REBOOT-2")
        let hold = try server.api.lock("REBOOT-2")
        try eventually("the lock to be enforced") { try server.api.isEnforced(hold, on: "REBOOT-2", by: agent) }
        server.process.signal(SIGSTOP)
        for _ in 1...3 {
            try reboot(agent)
            #expect(agent.reason() == "account_locked")
        }
        server.process.signal(SIGCONT)
        try server.api.release(hold, of: "REBOOT-2")
        try agent.waitUntilItPermits()
    }

    /// Hours that a code gave are counted by the boot's clock, and nobody knows how long the power was away.
    @Test func aRebootEndsWhatACodeGaveAndNoWaitAfterWrongCodes() throws {
        try server.api.addAccount("REBOOT-3")
        let agent = try AgentProcess.running(server.api, account: "REBOOT-3")
        try agent.waitUntilItPermits()
        let code = try server.api.offlineCode(for: agent.imei, "extend", hours: 2)
        server.process.signal(SIGSTOP)
        #expect(try agent.command("code", code).status == 0)
        #expect(try agent.status["lease_ms"].integer ?? 0 > 7_000_000)
        #expect(try agent.command("code", code).errors.contains("not right"))
        #expect(try agent.command("code", code).errors.contains("Too many wrong codes"))
        try reboot(agent)
        #expect(agent.reason() == "no_lease")
        #expect(try agent.command("code", code).errors.contains("Too many wrong codes"))
        server.process.signal(SIGCONT)
        try agent.waitUntilItPermits()
    }
}
