import Glibc
import TestSupport
import Testing

/// The two programs as systemd has them: told of their start, their life and their end.
@Suite struct ServiceTests {
    private let directory: TemporaryDirectory
    private let manager: NotifySocket

    init() throws {
        directory = try TemporaryDirectory()
        manager = try NotifySocket(directory.file("notify"))
    }

    private func waitFor(_ notice: String, _ count: Int = 1) throws -> [String] {
        var heard: [String] = []
        try eventually("\(count) times \(notice)") {
            heard += manager.heard()
            return heard.count { $0 == notice } >= count
        }
        return heard
    }

    @Test func theAgentIsReadyWhenItsGateAnswersAndFeedsTheWatchdogUntilItEnds() throws {
        let agent = try AgentProcess(Names.imei(), on: "KazTimpaPro", server: "http://127.0.0.1:1")
        agent.environment = ["NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "100000"]
        try agent.start()
        #expect(try waitFor("WATCHDOG=1", 5).first == "READY=1")
        #expect(try agent.stop() == .exit(0))
        #expect(manager.heard().last == "STOPPING=1")
    }

    @Test func theServerIsReadyWhenItListensAndFeedsTheWatchdogUntilItEnds() throws {
        let server = try ServerProcess(environment: ["NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "500000"])
        #expect(try waitFor("WATCHDOG=1", 3).first == "READY=1")
        #expect(try server.stop() == .exit(0))
        #expect(manager.heard().last == "STOPPING=1")
    }

    /// A number that is another process's: a program that the service started and that inherited its environment.
    @Test func aWatchdogThatIsNotTheirsIsNotFed() throws {
        let server = try ServerProcess(environment: ["NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"])
        _ = try waitFor("READY=1")
        #expect(try server.stop() == .exit(0))
        #expect(manager.heard() == ["STOPPING=1"])
    }
}
