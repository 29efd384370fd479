import TestSupport
import Testing

/// A terminal whose battery is pulled again and again.
@Suite struct RestartTests {
    private static let restarts = 100

    @Test func aHundredRestartsLiftNoLockAndLoseNoEvent() throws {
        let server = try ServerProcess()
        let api = server.api
        try api.addAccount("RESTART-1")
        let agent = try AgentProcess.running(api, account: "RESTART-1")
        let hold = try api.lock("RESTART-1")
        try eventually("the lock to be enforced") { try api.isEnforced(hold, on: "RESTART-1", by: agent) }
        for number in 1...Self.restarts {
            if number.isMultiple(of: 10) { #expect(try agent.stop() == .exit(0)) } else { try agent.kill() }
            try agent.start()
            #expect(agent.reason() == "account_locked", "restart \(number)")
            #expect(!agent.permits("deposit_advance"), "restart \(number)")
            // What has been connected has written down that it started.
            try eventually("restart \(number) to connect") {
                try GateConnection(agent.socket).state()["connected"].bool == true
            }
        }
        #expect(agent.reason() == "account_locked")
        try eventually("every start to be reported", within: .seconds(60)) { try starts(server) == Self.restarts + 1 }
        try agent.stop()
        // Numbers rise without a gap: none was given twice, none went missing.
        let sequence = try events(server, "SELECT seq FROM events ORDER BY seq").compactMap { Int($0) }
        #expect(sequence == Array(1...max(1, sequence.count)))
        #expect(try api.holds(on: "RESTART-1") == [hold])
        try agent.start()
        try api.release(hold, of: "RESTART-1")
        try agent.waitUntilItPermits()
    }

    private func starts(_ server: ServerProcess) throws -> Int { try events(server, "SELECT seq FROM events WHERE kind = 'started'").count }

    /// What the server has stored, read beside it: there is one terminal.
    private func events(_ server: ServerProcess, _ query: String) throws -> [String] {
        let result = try Programs.run("sqlite3", ["-readonly", server.data + "/store.db", query])
        guard result.status == 0 else { throw Failure("sqlite3: \(result.errors)") }
        return result.output.split(separator: "\n").map(String.init)
    }
}
