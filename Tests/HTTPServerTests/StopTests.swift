import HTTPServer
import Testing

@Suite struct StopTests {
    @Test func answersEveryParkedRequest() throws {
        let lot = ParkingLot()
        let server = try makeServer([.poll(lot)], lot: lot)
        let clients = try (0..<200).map { _ in try RawClient(port: server.port) }
        for (index, client) in clients.enumerated() { try client.get("/poll/\(index)/0") }
        #expect(eventually { lot.count == 200 })
        #expect(server.stop())
        for client in clients {
            let reply = try client.reply()
            #expect(reply.body == "shuttingDown")
            #expect(reply.header("Connection")?.lowercased() == "close")
            #expect(try client.isClosedByServer())
        }
        #expect(server.stop())
    }

    @Test func finishesWhatWorkersHave() async throws {
        let door = Door()
        let server = try makeServer([
            Route(
                .GET, "/slow",
                handler: .worker { _ in
                    door.pass(); return .text(200, "slow")
                })
        ])
        let client = try RawClient(port: server.port)
        try client.get("/slow")
        #expect(eventually { door.count == 1 })
        async let stopped = server.stop()
        door.open()
        #expect(try client.reply().body == "slow")
        #expect(await stopped)
    }

    @Test func doesNotWaitForeverForAWorker() throws {
        let door = Door()
        let server = try makeServer([
            Route(
                .GET, "/slow",
                handler: .worker { _ in
                    door.pass(); return .text(200, "slow")
                })
        ])
        let client = try RawClient(port: server.port)
        try client.get("/slow")
        #expect(eventually { door.count == 1 })
        #expect(!server.stop(within: .milliseconds(50)))
        door.open()
        #expect(try client.reply().body == "slow")
    }

    @Test func refusesConnectionsAfterwards() throws {
        let server = try makeServer([.plain])
        #expect(server.stop())
        #expect(throws: RawClientError.self) { try RawClient(port: server.port) }
    }

    @Test func saysWhyItCannotListen() throws {
        let server = try makeServer([.plain])
        defer { server.stop() }
        let taken = #expect(throws: HTTPServerError.self) { try makeServer([.plain]) { $0.port = server.port } }
        #expect(taken?.code == .socket)
        let unknown = #expect(throws: HTTPServerError.self) { try makeServer([.plain]) { $0.host = "no.such.host.invalid" } }
        #expect(unknown?.code == .address)
    }
}
