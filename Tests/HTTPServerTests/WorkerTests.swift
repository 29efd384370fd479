import HTTPServer
import Testing

@Suite struct WorkerTests {
    @Test func othersAreServedWhileWorkersBlock() throws {
        let door = Door()
        let server = try makeServer([
            .plain,
            Route(
                .GET, "/slow",
                handler: .worker { _ in
                    door.pass(); return .text(200, "slow")
                }),
        ])
        defer { server.stop() }
        let slow = try (0..<3).map { _ in try RawClient(port: server.port) }
        for client in slow { try client.get("/slow") }
        #expect(eventually { door.count == 3 })
        let other = try RawClient(port: server.port)
        try other.get("/plain")
        #expect(try other.reply().body == "ok")
        door.open()
        for client in slow { #expect(try client.reply().body == "slow") }
    }

    @Test func refusesWhatDoesNotFitTheQueue() throws {
        let door = Door()
        let server = try makeServer([
            Route(
                .GET, "/slow",
                handler: .worker { _ in
                    door.pass(); return .text(200, "slow")
                })
        ]) {
            $0.workerThreads = 1
            $0.workerQueueLimit = 2
        }
        defer { server.stop() }
        let running = try RawClient(port: server.port)
        try running.get("/slow")
        #expect(eventually { door.count == 1 })
        let waiting = try (0..<2).map { _ in try RawClient(port: server.port) }
        for client in waiting { try client.get("/slow") }
        #expect(eventually { server.stats.queued == 2 })
        let refused = try RawClient(port: server.port)
        try refused.get("/slow")
        let reply = try refused.reply()
        #expect(reply.status == 503)
        #expect(reply.header("Retry-After") == "1")
        #expect(server.stats.overloadedRequests == 1)
        door.open()
        for client in [running] + waiting { #expect(try client.reply().body == "slow") }
    }

    @Test func aWorkerAnswersForAnInlineHandler() throws {
        let server = try makeServer([
            Route(
                .POST, "/both", bodyLimit: 10,
                handler: .inline { _, _ in
                    .worker { request in .respond(.text(200, "worker \(String(decoding: request.body, as: UTF8.self))")) }
                })
        ])
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        for _ in 0..<50 {
            try client.post("/both", "abc")
            #expect(try client.reply().body == "worker abc")
        }
    }

    @Test func sendsAPreparedResponseManyTimes() throws {
        let prepared = PreparedResponse(.text(200, "prepared"))
        let server = try makeServer([Route(.GET, "/p", handler: .inline { _, _ in .prepared(prepared) })])
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        for _ in 0..<50 {
            try client.get("/p")
            #expect(try client.reply().body == "prepared")
        }
    }
}
