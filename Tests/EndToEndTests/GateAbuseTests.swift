import Foundation
import TestSupport
import Testing

/// Clients of the gate that do everything wrong, while an honest one is answered all the while.
@Suite struct GateAbuseTests {
    private let server: ServerProcess
    private let agent: AgentProcess
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        server = try ServerProcess()
        let account = Names.reference()
        try server.api.addAccount(account)
        agent = try AgentProcess.running(server.api, account: account)
        try agent.waitUntilItPermits()
    }

    private func expectAnHonestAnswer(_ place: String = "") throws {
        #expect(try agent.decision()["permitted"].bool == true, "\(place)")
        #expect(agent.permits("deposit_advance"), "\(place)")
    }

    @Test func aMessageWithoutEndIsCutOff() throws {
        let client = try GateConnection(agent.socket)
        let piece = [UInt8](repeating: UInt8(ascii: "["), count: 4096)
        try eventually("the endless message to be cut off") {
            for _ in 0..<16 where client.offer(piece) == nil { return true }
            try expectAnHonestAnswer()
            return false
        }
        try expectAnHonestAnswer()
    }

    @Test(arguments: [16 * 1024 + 1, 100_000]) func aMessageThatIsTooLongIsNotAnswered(_ length: Int) throws {
        let client = try GateConnection(agent.socket)
        var message = Array(#"{"method":"io.vendlock.Gate.Check","parameters":{"operation":"balance_enquiry","reference":""#.utf8)
        message += [UInt8](repeating: UInt8(ascii: "r"), count: length) + Array(#""}}"#.utf8) + [0]
        // It may be cut off before all of it is sent.
        try? client.send(message)
        try client.waitForEnd()
        try expectAnHonestAnswer()
    }

    @Test func aMessageInPiecesIsAnsweredOnceItIsWhole() throws {
        let client = try GateConnection(agent.socket)
        for byte in GateConnection.checkMessage("airtime_vend") {
            try client.send([byte])
            try expectAnHonestAnswer()
        }
        #expect(try client.reply()["parameters"]["decision"]["permitted"].bool == true)
    }

    @Test func severalMessagesInOneWriteAreAnsweredInTheirOrder() throws {
        let client = try GateConnection(agent.socket)
        let operations = ["airtime_vend", "nonsense", "balance_enquiry", "AIRTIME_VEND", "deposit_advance"]
        // The last one comes in two writes.
        let bytes = operations.flatMap { GateConnection.checkMessage($0) }
        try client.send(Array(bytes.dropLast(10)))
        try expectAnHonestAnswer()
        try client.send(Array(bytes.suffix(10)))
        for operation in operations {
            let reply = try client.reply()
            if ["nonsense", "AIRTIME_VEND"].contains(operation) {
                #expect(reply["error"].string == "io.vendlock.Gate.UnknownOperation")
                #expect(reply["parameters"]["operation"].string == operation)
            } else {
                #expect(reply["parameters"]["decision"]["permitted"].bool == true, "\(operation)")
            }
        }
    }

    @Test(arguments: ["\u{0}", "null\u{0}", "[]\u{0}", "{\"method\":7}\u{0}", "{\"method\":\"\u{0}", "GET / HTTP/1.1\r\n\r\n\u{0}"])
    func whatIsNoCallIsNotAnswered(_ text: String) throws {
        let client = try GateConnection(agent.socket)
        try client.send(Array(text.utf8))
        try client.waitForEnd()
        try expectAnHonestAnswer(text)
    }

    @Test func threeHundredIdleClientsKeepNobodyOut() throws {
        var idle: [GateConnection] = []
        for number in 0..<300 {
            let client = try GateConnection(agent.socket)
            // Some have begun to speak, some have asked, some watch.
            switch number % 4 {
            case 1: try client.send(Array("{\"meth".utf8))
            case 2: _ = try client.check("balance_enquiry")
            case 3: try client.send(Array("{\"method\":\"io.vendlock.Gate.Monitor\",\"more\":true}\u{0}".utf8))
            default: break
            }
            idle.append(client)
            if number % 25 == 0 { try expectAnHonestAnswer("\(number) idle") }
        }
        try expectAnHonestAnswer()
        #expect(try agent.command("check", "airtime_vend").status == 0)
        #expect(try agent.status["locked"].bool == false)
        withExtendedLifetime(idle) {}
    }

    @Test func aClientThatNeverReadsHoldsNobodyUp() throws {
        let deaf = try GateConnection(agent.socket)
        let questions = Array(repeating: GateConnection.checkMessage("balance_enquiry"), count: 40).flatMap { $0 }
        // Until it is dropped, or nothing more is taken from it.
        var full = 0
        try eventually("the deaf client to be stopped") {
            guard let taken = deaf.offer(questions) else { return true }
            full = taken == 0 ? full + 1 : 0
            try expectAnHonestAnswer()
            return full >= 50
        }
        try expectAnHonestAnswer()
        let account = try #require(try agent.status["account"].string)
        try server.api.lock(account)
        try agent.waitUntilItRefuses("account_locked")
        withExtendedLifetime(deaf) {}
    }

    /// Everything at once, a lock in the middle of it.
    @Test func aLockArrivesThroughAllOfIt() throws {
        var clients: [GateConnection] = []
        var random = SeededGenerator(seed: 9)
        let account = try #require(try agent.status["account"].string)
        var hold: String?
        for step in 0..<400 {
            let client = try GateConnection(agent.socket)
            let bytes: [UInt8] =
                switch Int.random(in: 0..<4, using: &random) {
                case 0: (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
                case 1: Array(GateConnection.checkMessage("airtime_vend").dropLast(3))
                case 2: Array(repeating: GateConnection.checkMessage("sync"), count: 20).flatMap { $0 }
                default: [UInt8](repeating: UInt8(ascii: "{"), count: 20_000)
                }
            _ = client.offer(bytes)
            clients.append(client)
            if step == 200 { hold = try server.api.lock(account) }
        }
        try agent.waitUntilItRefuses("account_locked")
        try eventually("the lock to be enforced") { try server.api.isEnforced(hold ?? "", on: account, by: agent) }
        #expect(agent.process?.hasEnded == false)
    }

    /// The benchmark's crowd: `tools/bench --only gate-abuse` measures what it does to an honest client.
    private func crowd(_ greedy: Int, processes: Int) throws -> ChildProcess {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let load = root.appending(path: "tools/benchmarks/load").path
        let program = directory.file("crowd")
        let words = ["-O2", "-D_GNU_SOURCE", "-o", program, load + "/crowd.c", load + "/common.c", "-lm"]
        let made = try Programs.run("gcc", words)
        guard made.status == 0 else { throw Failure("gcc: \(made.errors)") }
        let crowd = try ChildProcess(program, [agent.socket, "\(greedy)", "\(processes)"])
        try eventually("\(greedy) clients to be let in", within: .seconds(120)) {
            if crowd.hasEnded { throw Failure("the crowd ended: \(crowd.errors)") }
            return crowd.output.contains("ready")
        }
        return crowd
    }

    /// A thousand that ask as fast as they are answered and come back when they are dropped, one that never reads, one that sends a byte a
    /// second, one process that connects and leaves without end, all at once, from several processes.
    @Test func aThousandGreedyClientsKeepNobodyOutAndFillNoMemory() throws {
        let crowd = try crowd(1000, processes: 4)
        let account = try #require(try agent.status["account"].string)
        var most = 0
        for round in 0..<100 {
            try expectAnHonestAnswer("round \(round)")
            most = max(most, try anonymousKilobytes())
        }
        #expect(try agent.command("check", "airtime_vend").status == 0)
        let hold = try server.api.lock(account)
        try agent.waitUntilItRefuses("account_locked")
        try eventually("the lock to be enforced") { try server.api.isEnforced(hold, on: account, by: agent) }
        #expect(try agent.command("check", "airtime_vend").status == 1)
        #expect(!crowd.hasEnded)
        crowd.signal(SIGTERM)
        try crowd.wait()
        // It was what it is said to be.
        let did = try JSONValue(Array((crowd.output.split(separator: "\n").last ?? "").utf8))
        #expect(
            try #require(did["drops"].integer) > 1000 && #require(did["storms"].integer) > 100 && #require(did["calls"].integer) > 10_000,
            "\(crowd.output)")
        // Five in a debug build; 256 clients with all that they may keep in memory would be four more.
        #expect(most < 16 * 1024, "\(most) KiB")
    }

    /// - Source: proc(5), RssAnon of /proc/pid/status
    private func anonymousKilobytes() throws -> Int {
        let process = try #require(agent.process?.pid)
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
        return try #require(line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap { Int($0) })
    }
}
