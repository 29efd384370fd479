import HTTPServer
import Testing

/// Half a megabyte of room for large bodies; one may have it all.
@Suite struct BodyRoomTests {
    private func server(_ adjust: (inout HTTPServerConfiguration) -> Void = { _ in }) throws -> HTTPServer {
        let route = Route(.POST, "/large", bodyLimit: 500_000, handler: .inline { request, _ in .respond(.text(200, "\(request.body.count)")) })
        return try makeServer([route]) {
            $0.bodyMemory = 500_000
            adjust(&$0)
        }
    }

    /// One that says how much it will send, and has sent some of it.
    private func begun(_ server: HTTPServer, sent: Int, of length: Int = 300_000) throws -> RawClient {
        let client = try RawClient(port: server.port)
        try client.send("POST /large HTTP/1.1\r\nHost: t\r\nContent-Length: \(length)\r\n\r\n" + String(repeating: "a", count: sent))
        return client
    }

    @Test func toAnnounceALargeBodyTakesNoRoomFromOthers() throws {
        let server = try server()
        defer { server.stop() }
        let silent = try (0..<20).map { _ in try begun(server, sent: 3) }
        let whole = try begun(server, sent: 300_000)
        let reply = try whole.reply()
        #expect(reply.status == 200 && reply.body == "300000")
        withExtendedLifetime(silent) {}
    }

    /// Both were let in when there was room for either. The one that comes second hears it when its body ends, and gives back what it had.
    @Test func refusesInTheMiddleWhenTheRoomRunsOut() throws {
        let server = try server()
        defer { server.stop() }
        let second = try RawClient(port: server.port)
        try second.send("POST /large HTTP/1.1\r\nHost: t\r\nContent-Length: 300000\r\nExpect: 100-continue\r\n\r\n")
        #expect(try second.reply(final: false).status == 100)
        let first = try begun(server, sent: 299_999)
        #expect(eventually { !admitsBody(server, of: 200_001) })
        try second.send(String(repeating: "a", count: 300_000))
        let refused = try second.reply()
        #expect(refused.status == 503 && refused.body == "overloaded")
        #expect(try second.isClosedByServer())
        let third = try begun(server, sent: 190_000, of: 190_000)
        #expect(try third.reply().body == "190000")
        try first.send("a")
        #expect(try first.reply().body == "300000")
        #expect(eventually { admitsBody(server, of: 500_000) })
    }

    @Test func endsALargeBodyThatStallsAndGivesItsRoomBack() throws {
        let server = try server { $0.bodyStepDeadline = .milliseconds(200) }
        defer { server.stop() }
        let small = try begun(server, sent: 10, of: 20)
        let stalled = try (0..<2).map { _ in try begun(server, sent: 200_000, of: 240_000) }
        for client in stalled { #expect(try client.isClosedByServer()) }
        #expect(eventually { admitsBody(server, of: 500_000) })
        #expect(server.stats.overdueConnections == 2)
        // What takes no room may take its time.
        try small.send(String(repeating: "a", count: 10))
        #expect(try small.reply().body == "20")
    }

    @Test func endsALargeBodyThatComesInDrops() throws {
        let server = try server {
            $0.bodyDeadline = .milliseconds(400)
            $0.bodyStepDeadline = .milliseconds(400)
        }
        defer { server.stop() }
        let slow = try begun(server, sent: 100_000)
        #expect(throws: RawClientError.self) { while true { try slow.send("a") } }
        #expect(eventually { admitsBody(server, of: 500_000) })
    }

    /// The server ends while bodies are under way, each with room of its own.
    @Test func stopsWithLargeBodiesUnderWay() throws {
        let server = try server()
        let clients = try (0..<2).map { _ in try begun(server, sent: 200_000, of: 240_000) }
        #expect(eventually { !admitsBody(server, of: 100_000) })
        #expect(server.stop(within: .milliseconds(100)))
        for client in clients { #expect(try client.isClosedByServer()) }
    }
}
