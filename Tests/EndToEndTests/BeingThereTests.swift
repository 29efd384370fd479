import Foundation
import Glibc
import TestSupport
import Testing

/// What may befall an agent on its machine: whatever it is, nothing is permitted that was not, and it is there again afterwards.
@Suite struct BeingThereTests {
    private let server: ServerProcess

    init() throws { server = try ServerProcess() }

    private func running(_ account: String) throws -> AgentProcess {
        try server.api.addAccount(account)
        let agent = try AgentProcess.running(server.api, account: account)
        try agent.waitUntilItPermits()
        return agent
    }

    @Test(arguments: [
        "", "{", "[]", "not JSON", #"{ "server": "http://example.com" }"#, #"{ "imei": "490154203237519" }"#, #"{ "gate_user": ["nobody"] }"#,
        #"{ "gate_users": ["nobody-of-that-name"] }"#, #"{ "gpsd": "somewhere" }"#, "\u{0}",
    ])
    func aBrokenConfigurationChangesNothingAndIsTold(_ broken: String) throws {
        let agent = try running(Names.reference())
        try agent.reload(broken)
        #expect(agent.log.contains("The configuration stays as it was: "), "\(agent.log)")
        #expect(agent.permits())
        #expect(try GateConnection(agent.socket).state()["connected"].bool == true)
        #expect(agent.process?.hasEnded == false)
        // A right one is read again.
        try agent.reload()
        #expect(agent.log.contains("The configuration was read again"))
    }

    @Test func aConfigurationThatIsGoneChangesNothing() throws {
        let agent = try running(Names.reference())
        try agent.reload(nil)
        #expect(agent.log.contains("The configuration stays as it was: "), "\(agent.log)")
        #expect(agent.permits())
    }

    /// Killed at a moment of its own each time, some of them before the gate is open, so that writes are met half way.
    @Test func aHundredKillsUnderALockPermitNothingAndLeaveNoLitter() throws {
        let agent = try running("KILLS-1")
        let hold = try server.api.lock("KILLS-1")
        try eventually("the lock to be enforced") { try server.api.isEnforced(hold, on: "KILLS-1", by: agent) }
        try agent.kill()
        var random = SeededGenerator(seed: 100)
        var asked = 0
        for number in 1...100 {
            let process = try agent.launch()
            let life = Duration.microseconds(Int.random(in: 0...60_000, using: &random))
            let end = ContinuousClock.now + life
            repeat {
                // No answer is none; a permission there must never be.
                for operation in ["airtime_vend", "deposit_advance"] {
                    let decision = try? agent.decision(operation)
                    if decision != nil { asked += 1 }
                    #expect(decision?["permitted"].bool != true, "restart \(number)")
                }
            } while ContinuousClock.now < end
            process.signal(SIGKILL)
            #expect(try process.wait() == .signal(SIGKILL))
        }
        #expect(asked > 20, "most of them were killed before they could be asked")
        try agent.start()
        #expect(agent.reason() == "account_locked")
        try eventually("it to connect") { try GateConnection(agent.socket).state()["connected"].bool == true }
        try agent.stop()
        // What a kill leaves of a file that was being written goes with the next write of it: one of each at most, and no other.
        let left = try FileManager.default.contentsOfDirectory(atPath: agent.stateDirectory).sorted()
        let other = try running("KILLS-2")
        let known = try withExtendedLifetime(other) { try FileManager.default.contentsOfDirectory(atPath: other.stateDirectory) }
        let litter = left.filter { name in !known.contains(name) && !(name.hasSuffix(".tmp") && known.contains(String(name.dropLast(4)))) }
        #expect(litter.isEmpty, "\(left)")
        #expect(left.count { $0.hasSuffix(".tmp") } <= 1, "\(left)")
        try agent.start()
        try server.api.release(hold, of: "KILLS-1")
        try agent.waitUntilItPermits()
    }

    /// A limit on memory that it meets at its start, and ever later: it ends, or it goes on and refuses.
    @Test func withoutMemoryItEndsAndPermitsNothing() throws {
        let agent = try running("MEMORY-1")
        let hold = try server.api.lock("MEMORY-1")
        try eventually("the lock to be enforced") { try server.api.isEnforced(hold, on: "MEMORY-1", by: agent) }
        let least = try addressSpace(of: agent)
        try agent.kill()
        var ended = 0
        for kilobytes in stride(from: 2048, through: least, by: max(1, least / 40)) {
            agent.wrapper = ["prlimit", "--as=\(kilobytes * 1024)"]
            let process = try agent.launch()
            try eventually("it to end or to answer") { process.hasEnded || (try? agent.decision()) != nil }
            for _ in 0..<20 where !process.hasEnded {
                #expect((try? agent.decision())?["permitted"].bool != true, "under \(kilobytes) KiB")
            }
            // Some ask for more only when much is asked of them.
            let crowd = (0..<50).compactMap { _ in try? GateConnection(agent.socket) }
            for client in crowd { _ = client.offer([UInt8](repeating: UInt8(ascii: "{"), count: 16_000)) }
            #expect((try? agent.decision())?["permitted"].bool != true, "under \(kilobytes) KiB")
            if process.hasEnded { ended += 1 }
            process.signal(SIGKILL)
            try process.wait()
            // Nobody is there: no answer, and no permission in its place.
            #expect(try agent.command("check", "airtime_vend").status == 3)
        }
        #expect(ended >= 5, "\(ended) of them ended: the limits were no limits")
        agent.wrapper = []
        try agent.start()
        #expect(agent.reason() == "account_locked", "what is on the disk is whole")
        try server.api.release(hold, of: "MEMORY-1")
        try agent.waitUntilItPermits()
    }

    /// Unlocked, with a lease, and then short of memory: it may go on or end. It does not hang, and a lock still arrives after it is back.
    @Test func oneThatRunsOutOfMemoryInTheMiddleIsBackWithItsLock() throws {
        let agent = try running("MEMORY-2")
        let process = try #require(agent.process)
        // From now on it gets no page more.
        #expect(try Programs.run("prlimit", ["--pid", "\(process.pid)", "--as=1048576"]).status == 0)
        let clients = (0..<200).compactMap { _ in try? GateConnection(agent.socket) }
        for client in clients { _ = client.offer([UInt8](repeating: UInt8(ascii: "{"), count: 16_000)) }
        let hold = try server.api.lock("MEMORY-2")
        try eventually("it to end or to refuse") { process.hasEnded || agent.reason() == "account_locked" }
        process.signal(SIGKILL)
        try process.wait()
        #expect(!agent.permits())
        try agent.start()
        try agent.waitUntilItRefuses("account_locked")
        try eventually("the lock to be enforced") { try server.api.isEnforced(hold, on: "MEMORY-2", by: agent) }
        withExtendedLifetime(clients) {}
    }

    /// Nonces and tokens need them. A kernel that has none yet holds up whoever asks; one that refuses is met here.
    @Test(.enabled(if: geteuid() == 0, "a mount namespace needs root")) func withoutRandomBytesItEndsAndPermitsNothing() throws {
        let agent = try running("ENTROPY-1")
        try agent.kill()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "no-entropy.py").path
        agent.wrapper = ["unshare", "-m", "python3", script]
        let process = try agent.launch()
        try eventually("it to end") {
            #expect(!agent.permits())
            return process.hasEnded
        }
        #expect(try process.wait() != .exit(0))
        #expect(process.errors.contains("no filter") == false, "\(process.errors)")
        #expect(try agent.command("check", "airtime_vend").status == 3)
        agent.wrapper = []
        try agent.start()
        try agent.waitUntilItPermits()
    }

    /// Kilobytes of address space that it has now.
    private func addressSpace(of agent: AgentProcess) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(try #require(agent.process).pid)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmSize:") })
        return try #require(line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap { Int($0) })
    }
}
