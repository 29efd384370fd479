import Foundation
import Glibc
import TestSupport
import Testing

/// The file of waiting events, and what is in the way of any file: nothing that is told is lost, numbers are not given twice, and it is reported.
@Suite struct EventFileTests {
    private let server: ServerProcess
    private let agent: AgentProcess
    private var api: API { server.api }
    private var file: URL { URL(fileURLWithPath: agent.stateDirectory + "/events") }

    init() throws {
        server = try ServerProcess()
        try server.api.addAccount("EVENTS-1")
        agent = try AgentProcess.running(server.api, account: "EVENTS-1")
        try agent.waitUntilItPermits()
    }

    private func stored(_ query: String) throws -> [String] {
        let result = try Programs.run("sqlite3", ["-readonly", server.data + "/store.db", query])
        guard result.status == 0 else { throw Failure("sqlite3: \(result.errors)") }
        return result.output.split(separator: "\n").map(String.init)
    }

    /// Starts of the agent that the server knows of, each by the moment of it.
    private func starts() throws -> Int {
        try stored("SELECT DISTINCT json_extract(event, '$.uptime_ms') FROM events WHERE kind = 'started'").count
    }

    private func isReported() throws -> Bool {
        try stored("SELECT seq FROM events WHERE kind = 'tamper' AND json_extract(event, '$.what') = 'spool_unreadable'").count == 1
    }

    private func wholeLines() throws -> Int { try Data(contentsOf: file).count { $0 == UInt8(ascii: "\n") } }
    private func lines() throws -> [Data] { try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")) }

    /// Restarts without a server, until as many events wait.
    private func wait(events: Int) throws {
        try agent.kill()
        server.process.signal(SIGSTOP)
        for _ in 1...events {
            // Whole lines: a cut one is taken away before the event is written.
            let before = try wholeLines()
            try agent.start()
            try eventually("an event on disk") { try wholeLines() > before }
            try agent.kill()
        }
    }

    /// Whoever did it, the terminal trades, tells, and is locked as ever; a lock outlives it.
    private func expectItGoesOn(starts: Int) throws {
        server.process.signal(SIGCONT)
        try agent.waitUntilItPermits()
        try eventually("the report: \(agent.log)") { try isReported() }
        try eventually("all starts: \(agent.log)") { try self.starts() == starts }
        #expect(try api.notes(on: "EVENTS-1").contains { $0.contains(agent.imei) && $0.contains("spool_unreadable") })
        let hold = try api.lock("EVENTS-1")
        try eventually("the lock to be enforced: \(agent.log)") { try api.isEnforced(hold, on: "EVENTS-1", by: agent) }
        try agent.kill()
        server.process.signal(SIGSTOP)
        try agent.start()
        #expect(agent.reason() == "account_locked")
        server.process.signal(SIGCONT)
        try eventually("the next start, and no second report: \(agent.log)") { try self.starts() == starts + 1 && isReported() }
    }

    @Test(arguments: [false, true]) func aDirectoryInItsPlaceIsMovedAwayAndReported(isEmpty: Bool) throws {
        try eventually("the start") { try starts() == 1 }
        try agent.kill()
        unlink(file.path)
        mkdir(file.path, 0o700)
        if !isEmpty { mkdir(file.path + "/inside", 0o700) }
        try agent.start()
        try expectItGoesOn(starts: 2)
    }

    /// One `mkdir` keeps no lock, no code and no event off the disk.
    @Test func aDirectoryInThePlaceOfATemporaryFileKeepsNothingOffTheDisk() throws {
        for name in ["state.a", "state.b", "events", "codes.a", "codes.b", "modem.json", "enrolment.json", "key.json"] {
            let path = "\(agent.stateDirectory)/\(name).tmp"
            mkdir(path, 0o700)
            mkdir(path + "/inside", 0o700)
        }
        let hold = try api.lock("EVENTS-1")
        try eventually("the lock to be enforced: \(agent.log)") { try api.isEnforced(hold, on: "EVENTS-1", by: agent) }
        try agent.kill()
        server.process.signal(SIGSTOP)
        try agent.start()
        #expect(agent.reason() == "account_locked")
        server.process.signal(SIGCONT)
        try eventually("both starts: \(agent.log)") { try starts() == 2 }
        #expect(!agent.log.contains("cannot be stored"), "\(agent.log)")
    }

    /// A power cut leaves no damaged line before whole ones.
    @Test func aFlippedBitInTheMiddleLosesThatEventOnlyAndIsReported() throws {
        try eventually("the start") { try starts() == 1 }
        try wait(events: 3)
        var whole = try Data(contentsOf: file)
        let middle = try #require(whole.range(of: try lines().dropLast().last ?? Data()))
        whole[middle.lowerBound + 20] ^= 1
        try whole.write(to: file)
        try agent.start()
        try expectItGoesOn(starts: 1 + 2 + 1)
    }

    /// The power went while it was written.
    @Test func aLastLineThatIsCutIsNoTampering() throws {
        try eventually("the start") { try starts() == 1 }
        try wait(events: 3)
        try Data(contentsOf: file).dropLast(7).write(to: file)
        for _ in 1...2 { try wait(events: 1) }
        try agent.start()
        server.process.signal(SIGCONT)
        try eventually("all starts: \(agent.log)") { try starts() == 1 + 2 + 2 + 1 }
        #expect(try stored("SELECT seq FROM events WHERE kind = 'tamper'").isEmpty)
    }

    /// Its numbers are given again: the server takes the new events for repetitions, by one, by some, by more than there are.
    @Test(arguments: [1, 2, 5]) func anOlderCopyLosesNoEventAndIsReported(_ behind: Int) throws {
        try eventually("the start") { try starts() == 1 }
        try agent.kill()
        let older = try Data(contentsOf: file)
        for number in 1...behind {
            try agent.start()
            try eventually("start \(number)") { try starts() == 1 + number }
            try agent.kill()
        }
        try older.write(to: file)
        try agent.start()
        try expectItGoesOn(starts: 1 + behind + 1)
    }
}
