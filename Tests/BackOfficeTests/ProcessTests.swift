import Foundation
import Glibc
import TestSupport
import Testing
import Wire

/// What only a real process shows: its end, its restart, its disk.
@Suite struct ProcessTests {
    @Test func makesAStoreAndAnAdministratorsTokenOnceAndKeepsThemPrivate() throws {
        let server = try ServerProcess()
        func mode(_ path: String) throws -> Int? {
            (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
        }
        #expect(try mode(server.tokenFile) == 0o600)
        #expect(try mode(server.data).map { $0 & 0o077 } == 0)
        let token = server.api.token
        #expect(try server.stop() == .exit(0))
        let next = try server.successor()
        #expect(next.api.token == token)
        #expect(try next.api.get("/v1/accounts").status == 200)
        #expect(!next.process.errors.contains(token!), "a secret is not for the log")
    }

    @Test func refusesASecondServerOnTheSameStore() throws {
        let server = try ServerProcess()
        let second = try Programs.run(Programs.server, ["serve", "--data", server.data, "--listen", "127.0.0.1:0"])
        #expect(second.status == 1)
        #expect(second.errors.split(separator: "\n").count == 1, "\(second.errors)")
        #expect(try server.api.get("/healthz").status == 200)
    }

    @Test func saysWhenThePortIsTaken() throws {
        let server = try ServerProcess()
        let directory = try TemporaryDirectory()
        let second = try Programs.run(Programs.server, ["serve", "--data", directory.file("data"), "--listen", "127.0.0.1:\(server.port)"])
        #expect(second.status == 1)
        #expect(second.errors.contains("\(server.port)"), "\(second.errors)")
    }

    @Test(arguments: [SIGTERM, SIGINT]) func answersEveryParkedPollBeforeItStops(_ signal: Int32) throws {
        let server = try ServerProcess()
        var polls: [(TestTerminal, TestTerminal.PendingPoll)] = []
        for number in 0..<20 {
            try server.api.addAccount("STOP-\(number)")
            let terminal = try TestTerminal.connected(server.api, account: "STOP-\(number)")
            polls.append((terminal, try terminal.startPoll(after: terminal.poll(after: nil).rev)))
        }
        try server.api.waitForParked(polls.count)
        let idle = try RawConnection(port: server.port)
        let half = try RawConnection(port: server.port)
        try half.send("POST /v1/accounts HTTP/1.1\r\nHost: h\r\nContent-Le")
        server.process.signal(signal)
        for (terminal, poll) in polls { #expect(try terminal.lease(poll).locked == false) }
        #expect(try server.process.wait() == .exit(0))
        #expect(throws: (any Error).self) { try RawConnection(port: server.port) }
        withExtendedLifetime((idle, half)) {}
    }

    @Test func losesNoHoldThatWasAnsweredBeforeAStop() throws {
        let server = try ServerProcess()
        try server.api.addAccount("ACC-STOP")
        let pending = try (0..<30).map {
            try server.api.send("POST", "/v1/accounts/ACC-STOP/holds", bytes: Array(#"{"kind":"staff","reason":"n\#($0)"}"#.utf8))
        }
        server.process.signal(SIGTERM)
        let answered = pending.compactMap { try? $0.reply() }.filter { $0.status == 201 }.compactMap { $0.json["id"].string }
        #expect(try server.process.wait() == .exit(0))
        let stored = try server.successor().api.must(200, "GET", "/v1/accounts/ACC-STOP/locks?limit=200")["locks"].array.compactMap {
            $0["id"].string
        }
        #expect(Set(stored).isSuperset(of: answered))
    }

    /// Invariant 3, at moments that the scheduler picks.
    @Test(arguments: 1...6) func keepsEveryHoldThatWasAnsweredThroughAKill(_ round: Int) throws {
        let server = try ServerProcess()
        try server.api.addAccount("ACC-KILL")
        let terminal = try TestTerminal.connected(server.api, account: "ACC-KILL")
        let poll = try terminal.startPoll(after: terminal.poll(after: nil).rev)
        let pending = try (0..<round * 3).map {
            try server.api.send("POST", "/v1/accounts/ACC-KILL/holds", bytes: Array(#"{"kind":"fraud","reason":"n\#($0)"}"#.utf8))
        }
        let first = try pending[0].reply()
        #expect(first.status == 201)
        try server.kill()
        // Whatever was heard before the end, by staff or by the terminal, stands after it.
        let answered = [first] + pending.dropFirst().compactMap { try? $0.reply() }.filter { $0.status == 201 }
        let lease = try? terminal.lease(poll)
        let next = try server.successor()
        let account = try next.api.get("/v1/accounts/ACC-KILL").json
        #expect(Set(account["holds"].array.compactMap { $0["id"].string }).isSuperset(of: answered.compactMap { $0.json["id"].string }))
        terminal.server = next.api.with(token: nil)
        let after = try terminal.poll(after: nil)
        #expect(after.locked)
        if let lease { #expect(after.rev >= lease.rev && lease.locked) }
    }

    // MARK: Backup

    @Test func backsUpWhileServingAndRestoresWithRevisionsRaised() throws {
        let server = try ServerProcess()
        let directory = try TemporaryDirectory()
        try server.api.addAccount("ACC-SAVE", number: "+27710000006")
        let terminal = try TestTerminal.connected(server.api, account: "ACC-SAVE")
        let hold = try server.api.lock("ACC-SAVE")
        let desk = try server.api.issueToken(role: "senior", name: "desk")
        let poll = try terminal.startPoll(after: terminal.poll(after: nil).rev)
        try server.api.waitForParked(1)
        let saved = try Programs.run(Programs.server, ["backup", directory.file("copy.db"), "--data", server.data])
        #expect(saved.status == 0, "\(saved.errors)")
        #expect(!poll.connection.hasNews(), "a backup disturbs nobody")
        // After the backup the terminal sees higher revisions, which the restored server must exceed.
        let later = try server.api.lock("ACC-SAVE", kind: "vendor")
        let seen = try terminal.lease(poll)
        #expect(try Programs.run(Programs.server, ["backup", directory.file("copy.db"), "--data", server.data]).status == 1, "it overwrites nothing")
        try server.kill()

        let data = directory.file("restored")
        let restored = try Programs.run(Programs.server, ["restore", directory.file("copy.db"), "--data", data])
        #expect(restored.status == 0, "\(restored.errors)")
        let next = try ServerProcess(data: data)
        let account = try next.api.get("/v1/accounts/ACC-SAVE").json
        #expect(account["holds"].array.map { $0["id"].string } == [hold] && later != hold)
        #expect(account["linked_number"].string == "+27710000006")
        #expect(try next.api.with(token: desk.token).get("/v1/accounts").status == 200)
        terminal.server = next.api.with(token: nil)
        let lease = try terminal.poll(after: seen.rev)
        #expect(lease.locked && lease.rev > seen.rev)
        try next.api.release(hold, of: "ACC-SAVE")
        let open = try terminal.poll(after: lease.rev)
        #expect(!open.locked && open.rev > lease.rev)
    }

    @Test func refusesToRestoreOverAStoreOrFromWhatIsNone() throws {
        let server = try ServerProcess()
        let directory = try TemporaryDirectory()
        #expect(try Programs.run(Programs.server, ["backup", directory.file("copy.db"), "--data", server.data]).status == 0)
        let garbage = try directory.write("not a store", to: "garbage.db")
        let empty = try directory.write("", to: "empty.db")
        for (file, data) in [
            (directory.file("copy.db"), server.data), (garbage, directory.file("a")), (empty, directory.file("b")),
            (directory.file("none.db"), directory.file("c")),
        ] {
            let result = try Programs.run(Programs.server, ["restore", file, "--data", data])
            #expect(result.status == 1)
            #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        }
        #expect(try server.api.get("/v1/accounts").status == 200)
    }

    // MARK: Slow clients

    @Test func servesOthersWhileManyClientsSendHalfARequest() throws {
        let server = try ServerProcess()
        try server.api.addAccount("ACC-SLOW")
        let terminal = try TestTerminal.connected(server.api, account: "ACC-SLOW")
        var slow: [RawConnection] = []
        for number in 0..<300 {
            let connection = try RawConnection(port: server.port)
            switch number % 4 {
            case 0: break
            case 1: try connection.send("G")
            case 2: try connection.send("GET /healthz HTTP/1.1\r\nHost: h\r\nX-Slow: ")
            default:
                try connection.send(
                    "POST /v1/accounts HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(server.api.token!)\r\nContent-Length: 1000\r\n\r\n{")
            }
            slow.append(connection)
        }
        let poll = try terminal.startPoll(after: terminal.poll(after: nil).rev)
        try server.api.waitForParked(1)
        try server.api.lock("ACC-SLOW")
        #expect(try terminal.lease(poll).locked)
        #expect(try server.api.get("/healthz").status == 200)
        // A client that does not read its answers holds nobody up either.
        for connection in slow.prefix(50) { for _ in 0..<20 { _ = try? connection.send("GET /openapi.json HTTP/1.1\r\nHost: h\r\n\r\n") } }
        #expect(try server.api.get("/v1/accounts/ACC-SLOW").json["locked"].bool == true)
        #expect(try server.stop() == .exit(0))
    }

    // MARK: A full disk

    private static let mayMount: Bool = (try? TemporaryDirectory(mountedWithBytes: 1 << 20)) ?? nil != nil

    @Test(.enabled(if: mayMount, "mounting a small file system is not permitted here"))
    func refusesWhatItCannotStoreAndLosesNothing() throws {
        let disk = try #require(try TemporaryDirectory(mountedWithBytes: 24 << 20))
        let server = try ServerProcess(data: disk.file("data"))
        try server.api.addAccount("ACC-FULL", channels: ["KazTimpaPro", "KazangMobi2"])
        let terminal = try TestTerminal.connected(server.api, account: "ACC-FULL")
        let hold = try server.api.lock("ACC-FULL", reason: "before the disk was full")
        // Fills what is left, to the last byte.
        let filler = disk.file("filler")
        let descriptor = open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        for size in [1 << 16, 1] {
            let block = [UInt8](repeating: 0, count: size)
            while write(descriptor, block, block.count) > 0 {}
        }
        close(descriptor)

        let text = String(repeating: "n", count: 3900)
        var kept: [Int64] = []
        var refused: Reply?
        for _ in 0..<6000 where refused == nil {
            let reply = try server.api.post("/v1/accounts/ACC-FULL/notes", #"{"text":"\#(text)"}"#)
            if reply.status == 201 { kept.append(reply.json["id"].integer ?? 0) } else { refused = reply }
        }
        let problem = try #require(refused, "the disk never was full")
        expectProblem(problem, 503, "store_unavailable")
        #expect(problem.header("Retry-After") != nil)
        // A lock is not said to stand when it does not.
        let lock = try server.api.post("/v1/accounts/ACC-FULL/holds", #"{"kind":"fraud","reason":"during"}"#)
        #expect(lock.status == 503 || lock.status == 201)
        let during = lock.json["id"].string
        // What needs no disk goes on: health, reading, leases.
        #expect(try server.api.get("/healthz").status == 200)
        #expect(try server.api.get("/metrics").status == 200)
        #expect(try server.api.get("/v1/accounts/ACC-FULL").json["locked"].bool == true)
        #expect(try terminal.poll(after: nil).locked)
        #expect(
            try server.api.post(
                "/v1/authorizations", #"{"account":"ACC-FULL","imei":"\#(terminal.imei)","channel":"KazTimpaPro","operation":"airtime_vend"}"#
            ).json["permitted"].bool == false)
        // An event that could not be stored is not acknowledged.
        let events = try terminal.eventsReply([TestTerminal.event(1, "started")])
        #expect(events.status == 503 || events.json["acknowledged"].integer == 1)

        unlink(filler)
        try eventually("the server to store again") {
            try server.api.post("/v1/accounts/ACC-FULL/notes", #"{"text":"space again"}"#).status == 201
        }
        #expect(try terminal.eventsReply([TestTerminal.event(1, "started")]).json["acknowledged"].integer == 1)
        try server.kill()
        let next = try server.successor()
        let holds = try next.api.get("/v1/accounts/ACC-FULL").json["holds"].array.compactMap { $0["id"].string }
        #expect(Set(holds) == Set([hold, during].compactMap { $0 }))
        var stored: Set<Int64> = []
        var after: String?
        repeat {
            let page = try next.api.must(200, "GET", "/v1/accounts/ACC-FULL/notes?limit=200" + (after.map { "&after=\($0)" } ?? ""))
            stored.formUnion(page["notes"].array.compactMap { $0["id"].integer })
            after = page["next"].string
        } while after != nil
        #expect(stored.isSuperset(of: kept))
    }
}
