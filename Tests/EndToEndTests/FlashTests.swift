import Foundation
import TestSupport
import Testing

/// What the agent writes, seen from the file system: each write leaves another time, another inode or another size.
@Suite struct FlashTests {
    private struct Entry: Equatable {
        let name: String
        let inode: UInt
        let size: Int64
        let changed: [Int]
    }

    private func entries(of directory: String) throws -> [Entry] {
        try ([""] + FileManager.default.contentsOfDirectory(atPath: directory).sorted()).map { name in
            var status = stat()
            guard lstat("\(directory)/\(name)", &status) == 0 else { throw Failure("\(directory)/\(name) cannot be looked at") }
            return Entry(
                name: name, inode: UInt(status.st_ino), size: Int64(status.st_size),
                changed: [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec])
        }
    }

    @Test func aTerminalAtRestWritesNothing() throws {
        let server = try ServerProcess(configuration: #"{ "lease": { "ttl_s": 20, "wait_s": 1, "longest_wait_s": 1 } }"#)
        let api = server.api
        try api.addAccount("FLASH-1")
        let agent = try AgentProcess.running(api, account: "FLASH-1")
        try agent.waitUntilItPermits()
        func polls() throws -> Double { try api.metric("vendlock_polls_total") ?? 0 }
        // What the start led to is written before its third poll.
        let start = try polls()
        try eventually("it to be at rest") { try polls() >= start + 3 }
        let before = try entries(of: agent.stateDirectory)
        #expect(before.map(\.name).contains("state.a"))
        try eventually("two dozen polls", within: .seconds(90)) { try polls() >= start + 27 }
        #expect(agent.permits())
        #expect(try agent.status["connected"].bool == true)
        #expect(try entries(of: agent.stateDirectory) == before)
        // A change does show.
        let hold = try api.lock("FLASH-1")
        try eventually("the lock to be enforced") { try api.isEnforced(hold, on: "FLASH-1", by: agent) }
        #expect(try entries(of: agent.stateDirectory) != before)
    }
}
