import HTTPServer
import Testing

@Suite struct BodyTests {
    private static let routes = [
        Route.plain,
        Route(.POST, "/inline", bodyLimit: 1_000, handler: .inline { request, _ in .respond(.text(200, summary(request.body))) }),
        Route(.POST, "/worker", bodyLimit: 1_000, handler: .worker { request in .text(200, summary(request.body)) }),
    ]

    /// Length and sum.
    private static func summary(_ body: [UInt8]) -> String { "\(body.count) \(body.reduce(0) { $0 + Int($1) })" }

    private static func chunked(_ pieces: [String]) -> String {
        pieces.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined() + "0\r\n\r\n"
    }

    @Test(arguments: ["/inline", "/worker"])
    func readsABody(target: String) throws {
        let server = try makeServer(Self.routes)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        for length in [0, 1, 999, 1_000] {
            try client.post(target, String(repeating: "a", count: length))
            #expect(try client.reply().body == "\(length) \(length * 97)")
        }
    }

    @Test func readsAChunkedBody() throws {
        let server = try makeServer(Self.routes)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        let body = Self.chunked(["abc", "d", String(repeating: "a", count: 700)])
        try client.send("POST /inline HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n\(body)")
        #expect(try client.reply().body == "704 \(394 + 700 * 97)")
    }

    /// Three of 200 KiB do not fit into half a megabyte; when one is answered, its room is free again.
    @Test func refusesLargeBodiesBeyondTheirMemoryAndGivesItBack() throws {
        let door = Door()
        let route = Route(
            .POST, "/large", bodyLimit: 500_000,
            handler: .worker { request in
                door.pass()
                return .text(200, "\(request.body.count)")
            })
        let server = try makeServer([route]) { $0.bodyMemory = 500_000 }
        defer { server.stop() }
        let clients = try (0..<2).map { _ in try RawClient(port: server.port) }
        for client in clients { try client.post("/large", String(repeating: "a", count: 200_000)) }
        #expect(eventually { door.count == 2 })
        let third = try RawClient(port: server.port)
        try third.send("POST /large HTTP/1.1\r\nHost: t\r\nContent-Length: 200000\r\n\r\n")
        let refused = try third.reply()
        #expect(refused.status == 503 && refused.body == "overloaded")
        // Small ones are not counted.
        let small = try RawClient(port: server.port)
        try small.post("/large", "abc")
        #expect(eventually { door.count == 3 })
        door.open()
        for client in clients { #expect(try client.reply().body == "200000") }
        #expect(try small.reply().body == "3")
        let fourth = try RawClient(port: server.port)
        try fourth.post("/large", String(repeating: "a", count: 200_000))
        #expect(try fourth.reply().body == "200000")
        // One that goes away in the middle gives its room back too.
        for _ in 0..<5 {
            let gone = try RawClient(port: server.port)
            try gone.send("POST /large HTTP/1.1\r\nHost: t\r\nContent-Length: 250000\r\n\r\n" + String(repeating: "a", count: 200_000))
            gone.hangUp()
        }
        #expect(eventually { admitsBody(server, of: 500_000) })
    }

    @Test func refusesALargeBodyBeforeItComes() throws {
        let server = try makeServer(Self.routes)
        defer { server.stop() }
        for length in ["1001", "99999999999999999999"] {
            let client = try RawClient(port: server.port)
            try client.send("POST /inline HTTP/1.1\r\nHost: t\r\nContent-Length: \(length)\r\n\r\n")
            #expect([400, 413].contains(try client.reply(hasBody: false).status))
            #expect(try client.isClosedByServer())
        }
    }

    @Test func refusesAChunkedBodyThatGrowsTooLarge() throws {
        let server = try makeServer(Self.routes)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        let piece = String(repeating: "a", count: 600)
        try client.send("POST /inline HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n\(Self.chunked([piece, piece]))")
        let reply = try client.reply()
        #expect(reply.status == 413)
        #expect(reply.body == "body_too_large")
    }

    /// Where a proxy reads one length and the server another, what follows is one client's body to the first and another's request to the second.
    @Test(arguments: [
        "Content-Length: 2\r\nContent-Length: 3", "Content-Length: 2\r\ncontent-length: 2\r\nContent-Length: 0",
        "Content-Length: 2\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 2",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "Transfer-Encoding: gzip, chunked",
        "Content-Length : 2", "Transfer-Encoding : chunked\r\nContent-Length: 2",
    ])
    func refusesABodyWhoseLengthIsNotClear(fields: String) throws {
        let server = try makeServer(Self.routes)
        defer { server.stop() }
        for line in ["POST /inline", "POST /nowhere", "GET /plain"] {
            let client = try RawClient(port: server.port)
            try client.send("\(line) HTTP/1.1\r\nHost: t\r\n\(fields)\r\n\r\n")
            let reply = try client.reply()
            #expect(reply.status == 400 && reply.body == "unclear_length", "\(line): \(reply.status) \(reply.body)")
            #expect(try client.isClosedByServer())
        }
    }

    @Test func takesALengthThatIsGivenTwiceAlike() throws {
        let server = try makeServer(Self.routes)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        try client.post("/inline", "aa", headers: "Content-Length: 2\r\n")
        #expect(try client.reply().body == "2 194")
    }

    @Test func cutsOffAChunkedBodyWithoutEnd() throws {
        let server = try makeServer(Self.routes)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        try client.send("POST /inline HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
        let piece = "1000\r\n\(String(repeating: "a", count: 4096))\r\n"
        #expect(throws: RawClientError.self) {
            while true { try client.send(piece) }
        }
    }

    @Test func dropsABodyThatNobodyWants() throws {
        let server = try makeServer(Self.routes)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        try client.post("/nowhere", String(repeating: "a", count: 20_000))
        #expect(try client.reply().status == 404)
        try client.get("/plain")
        #expect(try client.reply().body == "ok")
    }

    @Test func keepsTheConnectionAndAnswersPipelinedRequestsInOrder() throws {
        let server = try makeServer(Self.routes)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        let one = "POST /worker HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\naa"
        let two = "GET /plain HTTP/1.1\r\nHost: t\r\n\r\n"
        try client.send(one + two + one + two)
        for expected in ["2 194", "ok", "2 194", "ok"] { #expect(try client.reply().body == expected) }
        #expect(server.stats.openConnections == 1)
    }

    @Test func takesARequestByteByByte() throws {
        let server = try makeServer(Self.routes)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        for byte in "POST /inline HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\naaa".utf8 { try client.send([byte]) }
        #expect(try client.reply().body == "3 291")
    }
}
