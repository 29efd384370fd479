import Glibc
import TestSupport
import Testing

private enum SmallDisk {
    static let mayBeMade: Bool = (try? TemporaryDirectory(mountedWithBytes: 1 << 20)) ?? nil != nil
}

/// A full disk under either program: nothing is claimed that is not stored, and nothing is spent that must not be.
@Suite(.enabled(if: SmallDisk.mayBeMade, "mounting a small file system is not permitted here")) struct DiskTests {
    /// Takes all that is left of a file system, to the last byte.
    private func fill(_ path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        for size in [1 << 16, 1] {
            let block = [UInt8](repeating: 0, count: size)
            while write(descriptor, block, block.count) > 0 {}
        }
        close(descriptor)
    }

    @Test func aServerWithoutSpaceClaimsNoLockAndTerminalsGoOn() throws {
        let disk = try #require(try TemporaryDirectory(mountedWithBytes: 24 << 20))
        let server = try ServerProcess(data: disk.file("data"), configuration: #"{ "lease": { "ttl_s": 20, "wait_s": 1 } }"#)
        let api = server.api
        try api.addAccount("FULL-1")
        try api.addAccount("FULL-2", channels: ["KazTimpaX"])
        let agent = try AgentProcess.running(api, account: "FULL-1")
        try agent.waitUntilItPermits()
        try fill(disk.file("filler"))
        // The log of the store has room for some more; notes of another account use it up, the last ones small.
        func exhaust() throws {
            for text in [String(repeating: "n", count: 3900), "n"] {
                var reply = try api.post("/v1/accounts/FULL-2/notes", #"{"text":"\#(text)"}"#)
                for _ in 0..<6000 where reply.status == 201 { reply = try api.post("/v1/accounts/FULL-2/notes", #"{"text":"\#(text)"}"#) }
                #expect(reply.status == 503, "the disk never was full")
            }
        }
        try exhaust()
        let refused = try api.post("/v1/accounts/FULL-1/holds", #"{"kind":"staff","reason":"stolen"}"#)
        #expect(refused.status == 503 && refused.code == "store_unavailable", "\(refused.text)")
        #expect(refused.header("Retry-After") != nil)
        #expect(try api.holds(on: "FULL-1").isEmpty)
        #expect(try api.must(200, "GET", "/v1/accounts/FULL-1/locks")["locks"].array.isEmpty)
        #expect(agent.permits(), "nothing was locked")
        let polls = try #require(try api.metric("vendlock_polls_total"))
        try eventually("the terminal to go on polling") { try api.metric("vendlock_polls_total") ?? 0 >= polls + 3 }
        #expect(agent.permits())
        #expect(try agent.status["connected"].bool == true)

        unlink(disk.file("filler"))
        let hold = try eventually("a lock to be taken again") { () -> String? in
            let reply = try api.post("/v1/accounts/FULL-1/holds", #"{"kind":"staff","reason":"stolen"}"#)
            return reply.status == 201 ? reply.json["id"].string : nil
        }
        try agent.waitUntilItRefuses("account_locked")
        try eventually("the lock to be enforced") { try api.isEnforced(hold, on: "FULL-1", by: agent) }
        #expect(try api.holds(on: "FULL-1") == [hold])
    }

    @Test func aTerminalWithoutSpaceIsLockedAtOnceAndSaysSoOnlyOnceItHasStoredIt() throws {
        let disk = try #require(try TemporaryDirectory(mountedWithBytes: 64 << 10))
        let server = try ServerProcess()
        let api = server.api
        try api.addAccount("FULL-3")
        let agent = try AgentProcess(Names.imei(), on: "KazTimpaPro", server: api.url, stateDirectory: disk.file("state"))
        try api.addDevice(agent.imei, account: "FULL-3")
        try agent.enrol(code: api.enrolmentCode(for: agent.imei))
        try agent.start()
        try agent.waitUntilItPermits()
        try fill(disk.file("filler"))
        #expect(agent.permits(), "a full disk does not stop a terminal that is unlocked")

        let hold = try api.lock("FULL-3")
        try agent.waitUntilItRefuses("account_locked")
        // It asks again with the old revision, so that it has said what it had to say.
        let polls = try #require(try api.metric("vendlock_polls_total"))
        try eventually("the terminal to poll again") { try api.metric("vendlock_polls_total") ?? 0 >= polls + 2 }
        try eventually("the delivery to be on record") { try api.terminals(of: hold, on: "FULL-3")[agent.imei]?["delivered_at"].string != nil }
        #expect(try !api.isEnforced(hold, on: "FULL-3", by: agent), "it is not stored")
        #expect(agent.log.contains("cannot be stored"), "\(agent.log)")
        #expect(agent.reason() == "account_locked")

        unlink(disk.file("filler"))
        try eventually("the lock to be enforced", within: .seconds(40)) { try api.isEnforced(hold, on: "FULL-3", by: agent) }
        // Now it outlives the agent, also without a server.
        try agent.kill()
        server.process.signal(SIGSTOP)
        try agent.start()
        #expect(agent.reason() == "account_locked")
        server.process.signal(SIGCONT)
    }

    /// Enrolled on a small disk, registered to the account; not started.
    private func enrolled(_ disk: TemporaryDirectory, _ api: API, account: String) throws -> AgentProcess {
        try api.addAccount(account)
        let agent = try AgentProcess(Names.imei(), on: "KazTimpaPro", server: api.url, stateDirectory: disk.file("state"))
        try api.addDevice(agent.imei, account: account)
        try agent.enrol(code: api.enrolmentCode(for: agent.imei))
        return agent
    }

    @Test func aTerminalThatStartsWithoutSpaceTradesAndIsLocked() throws {
        let disk = try #require(try TemporaryDirectory(mountedWithBytes: 64 << 10))
        let server = try ServerProcess()
        let api = server.api
        let agent = try enrolled(disk, api, account: "FULL-4")
        try fill(disk.file("filler"))
        server.process.signal(SIGSTOP)
        try agent.start()
        #expect(agent.reason() == "no_lease")
        server.process.signal(SIGCONT)
        try agent.waitUntilItPermits()
        let hold = try api.lock("FULL-4")
        try agent.waitUntilItRefuses("account_locked")
        #expect(try !api.isEnforced(hold, on: "FULL-4", by: agent), "it is not stored")
        unlink(disk.file("filler"))
        try eventually("the lock to be enforced", within: .seconds(40)) { try api.isEnforced(hold, on: "FULL-4", by: agent) }
    }

    @Test func aTerminalWhoseDiskIsReadOnlyTradesAndIsLockedAndSaysSoOnlyOnceItHasStoredIt() throws {
        let disk = try #require(try TemporaryDirectory(mountedWithBytes: 1 << 20))
        let server = try ServerProcess()
        let api = server.api
        let agent = try enrolled(disk, api, account: "ONLY-1")
        try disk.remount(readOnly: true)
        server.process.signal(SIGSTOP)
        try agent.start()
        #expect(agent.reason() == "no_lease")
        server.process.signal(SIGCONT)
        try agent.waitUntilItPermits()
        #expect(try agent.status["connected"].bool == true)
        var hold = try api.lock("ONLY-1")
        try agent.waitUntilItRefuses("account_locked")
        #expect(try !api.isEnforced(hold, on: "ONLY-1", by: agent), "it is not stored")
        #expect(agent.log.contains("Read-only file system"), "\(agent.log)")
        try disk.remount(readOnly: false)
        try eventually("the lock to be enforced", within: .seconds(40)) { try api.isEnforced(hold, on: "ONLY-1", by: agent) }

        // It turns read-only while the agent runs; an error of the disk does that at once, a remount waits until no file is open for writing.
        try eventually("the disk to be read-only", within: .seconds(60)) {
            try api.release(hold, of: "ONLY-1")
            try agent.waitUntilItPermits()
            let isReadOnly = (try? disk.remount(readOnly: true)) != nil
            hold = try api.lock("ONLY-1")
            try agent.waitUntilItRefuses("account_locked")
            return isReadOnly
        }
        #expect(try !api.isEnforced(hold, on: "ONLY-1", by: agent), "it is not stored")
        // In memory only: after a pulled battery nothing is spent either, because there is no lease.
        server.process.signal(SIGSTOP)
        try agent.restart()
        #expect(agent.reason() == "no_lease")
        server.process.signal(SIGCONT)
        try agent.waitUntilItRefuses("account_locked")
        try disk.remount(readOnly: false)
        try eventually("the lock to be enforced", within: .seconds(40)) { try api.isEnforced(hold, on: "ONLY-1", by: agent) }
        try agent.stop()
        // A lock that is on a read-only disk holds.
        try disk.remount(readOnly: true)
        server.process.signal(SIGSTOP)
        try agent.start()
        #expect(agent.reason() == "account_locked")
        server.process.signal(SIGCONT)
        // A read-only disk cannot take an unlock, and what is locked there stays so.
        try api.release(hold, of: "ONLY-1")
        let polls = try #require(try api.metric("vendlock_polls_total"))
        try eventually("the terminal to hear of it") { try api.metric("vendlock_polls_total") ?? 0 >= polls + 2 }
        #expect(agent.reason() == "account_locked")
        try disk.remount(readOnly: false)
        try agent.waitUntilItPermits()
    }
}
