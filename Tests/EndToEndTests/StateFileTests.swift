import Foundation
import Glibc
import TestSupport
import Testing

/// A state file that is no longer what was written.
@Suite struct StateFileTests {
    @Test(arguments: ["cut in half", "garbage", "of another terminal"])
    func aDamagedStateRefusesTellsTheServerAndHealsByTheNextLease(_ damage: String) throws {
        let server = try ServerProcess()
        let api = server.api
        try api.addAccount("STATE-1")
        let agent = try AgentProcess.running(api, account: "STATE-1")
        let hold = try api.lock("STATE-1")
        try eventually("the lock to be enforced") { try api.isEnforced(hold, on: "STATE-1", by: agent) }
        try agent.stop()
        let file = URL(fileURLWithPath: agent.stateFile)
        let whole = try Data(contentsOf: file)
        switch damage {
        case "cut in half": try whole.prefix(whole.count / 2).write(to: file)
        case "garbage":
            var random = SeededGenerator(seed: 5)
            try Data((0..<whole.count).map { _ in UInt8.random(in: 0...255, using: &random) }).write(to: file)
        default:
            try api.addAccount("STATE-2")
            let other = try AgentProcess.running(api, account: "STATE-2")
            try other.waitUntilItPermits()
            try other.stop()
            try Data(contentsOf: URL(fileURLWithPath: other.stateFile)).write(to: file)
        }
        server.process.signal(SIGSTOP)
        try agent.start()
        for operation in ["airtime_vend", "deposit_advance"] { #expect(agent.reason(operation) == "state_unreadable") }
        #expect(agent.permits("balance_enquiry"))
        #expect(try agent.status["reasons"].strings == ["state_unreadable"])
        server.process.signal(SIGCONT)

        try agent.waitUntilItRefuses("account_locked")
        try eventually("the tampering to be on the account") {
            try api.notes(on: "STATE-1").contains { $0.contains(agent.imei) && $0.contains("state_unreadable") }
        }
        try api.release(hold, of: "STATE-1")
        try agent.waitUntilItPermits()
        // Healed on the disk too.
        server.process.signal(SIGSTOP)
        try agent.restart()
        #expect(agent.reason() == "no_lease")
        server.process.signal(SIGCONT)
        try agent.waitUntilItPermits()
    }
}
