import HTTPServer
import Testing

@Suite(.serialized) struct LimitTests {
    @Test func endsAHeaderThatComesByteByByte() throws {
        let server = try makeServer([.plain]) { $0.requestHeaderDeadline = .milliseconds(300) }
        defer { server.stop() }
        let slow = try RawClient(port: server.port), other = try RawClient(port: server.port)
        try slow.send("GET /plain HTTP/1.1\r\nX: ")
        #expect(throws: RawClientError.self) {
            while true {
                try slow.send("a")
                try other.get("/plain")
                #expect(try other.reply().body == "ok")
            }
        }
        #expect(eventually { server.stats.overdueConnections == 1 && server.stats.openConnections == 1 })
    }

    @Test func endsABodyThatDoesNotCome() throws {
        let route = Route(.POST, "/body", bodyLimit: 100, handler: .inline { _, _ in .respond(.text(200, "ok")) })
        let server = try makeServer([route]) { $0.bodyDeadline = .milliseconds(200) }
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        try client.send("POST /body HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nabc")
        #expect(try client.isClosedByServer())
        #expect(eventually { server.stats.overdueConnections == 1 })
    }

    @Test func endsAnIdleConnectionAndASlowSecondHeader() throws {
        let server = try makeServer([.plain]) { $0.idleTimeout = .milliseconds(200) }
        defer { server.stop() }
        let idle = try RawClient(port: server.port), slow = try RawClient(port: server.port)
        for client in [idle, slow] {
            try client.get("/plain")
            #expect(try client.reply().body == "ok")
        }
        #expect(throws: RawClientError.self) { while true { try slow.send("G") } }
        #expect(try idle.isClosedByServer())
    }

    @Test func aParkedRequestIsNotSlow() throws {
        let lot = ParkingLot()
        let server = try makeServer([.poll(lot, wait: .seconds(1))], lot: lot) {
            $0.requestHeaderDeadline = .milliseconds(100)
            $0.bodyDeadline = .milliseconds(100)
            $0.idleTimeout = .milliseconds(100)
        }
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        try client.get("/poll/1/1")
        #expect(try client.reply().body == "deadline")
    }

    @Test func servesOthersAmongManyHalfOpenConnections() throws {
        let server = try makeServer([.plain]) { $0.requestHeaderDeadline = .seconds(1) }
        defer { server.stop() }
        let halfOpen = try (0..<3_000).map { _ in try RawClient(port: server.port) }
        for client in halfOpen { try client.send("GET ") }
        let other = try RawClient(port: server.port)
        try other.get("/plain")
        #expect(try other.reply().body == "ok")
        #expect(eventually { server.stats.openConnections <= 1 })
        #expect(server.stats.overdueConnections >= 3_000)
        withExtendedLifetime(halfOpen) {}
    }

    @Test func dropsTheOldestHalfOpenConnectionAtTheLimit() throws {
        let server = try makeServer([.plain]) { $0.connectionLimit = 64 }
        defer { server.stop() }
        let halfOpen = try (0..<300).map { _ in try RawClient(port: server.port) }
        let other = try RawClient(port: server.port)
        try other.get("/plain")
        #expect(try other.reply().body == "ok")
        #expect(server.stats.shedConnections > 0)
        #expect(try halfOpen[0].isClosedByServer())
    }

    @Test func countsTheConnectionsOfAnAddress() throws {
        let server = try makeServer([.plain]) {
            $0.connectionsPerAddress = 3
            $0.loopbackIsExempt = false
        }
        defer { server.stop() }
        func answers(_ client: RawClient) -> Bool {
            do {
                try client.get("/plain")
                return try client.reply().status == 200
            } catch { return false }
        }
        func answersAnew() -> Bool {
            do { return answers(try RawClient(port: server.port, from: "127.0.0.2")) } catch { return false }
        }
        var first = try (0..<3).map { _ in try RawClient(port: server.port, from: "127.0.0.2") }
        for client in first { #expect(answers(client)) }
        #expect(!answers(try RawClient(port: server.port, from: "127.0.0.2")))
        #expect(answers(try RawClient(port: server.port, from: "127.0.0.3")))
        #expect(server.stats.refusedConnections == 1)
        first.removeLast()
        #expect(eventually { answersAnew() })
    }

    @Test func loopbackIsExemptUnlessSaidOtherwise() throws {
        let server = try makeServer([.plain]) { $0.connectionsPerAddress = 1 }
        defer { server.stop() }
        for client in try (0..<5).map({ _ in try RawClient(port: server.port) }) {
            try client.get("/plain")
            #expect(try client.reply().body == "ok")
        }
    }
}
