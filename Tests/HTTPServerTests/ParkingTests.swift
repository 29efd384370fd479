import HTTPServer
internal import Synchronization
import Testing

@Suite struct ParkingTests {
    let lot = ParkingLot()

    @Test func answersWhenTheSubjectIsWoken() throws {
        let server = try makeServer([.poll(lot)], lot: lot)
        defer { server.stop() }
        let clients = try (0..<4).map { _ in try RawClient(port: server.port) }
        for (lane, client) in clients.enumerated() { try client.get("/poll/\(lane < 3 ? 7 : 8)/\(lane)") }
        #expect(eventually { lot.count == 4 })
        lot.wake(subject: 7)
        for client in clients.prefix(3) { #expect(try client.reply().body == "changed") }
        #expect(lot.count == 1)
        lot.wake(subject: 7)
        lot.wakeAll()
        #expect(try clients[3].reply().body == "changed")
        // The connections live on.
        try clients[0].get("/poll/7/0")
        #expect(eventually { lot.count == 1 })
        lot.wake(subject: 7)
        #expect(try clients[0].reply().body == "changed")
    }

    @Test func answersAtTheDeadline() throws {
        let server = try makeServer([.poll(lot, wait: .milliseconds(150))], lot: lot)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        for _ in 0..<3 {
            try client.get("/poll/7/1")
            #expect(try client.reply().body == "deadline")
        }
        #expect(lot.count == 0)
    }

    @Test func answersADeadlineThatHasPassed() throws {
        let server = try makeServer([.poll(lot, wait: .seconds(-1))], lot: lot)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        try client.get("/poll/7/1")
        #expect(try client.reply().body == "deadline")
    }

    @Test func aNewerPollEndsTheOlder() throws {
        let server = try makeServer([.poll(lot)], lot: lot)
        defer { server.stop() }
        let older = try RawClient(port: server.port), other = try RawClient(port: server.port), newer = try RawClient(port: server.port)
        try older.get("/poll/7/1")
        try other.get("/poll/7/2")
        #expect(eventually { lot.count == 2 })
        try newer.get("/poll/7/1")
        #expect(try older.reply().body == "superseded")
        #expect(lot.count == 2)
        lot.wake(subject: 7)
        #expect(try newer.reply().body == "changed")
        #expect(try other.reply().body == "changed")
    }

    @Test(arguments: [1, 20])
    func missesNoWakeBetweenReadingAndParking(wakes: Int) throws {
        let calls = Atomic<Int>(0)
        let lot = lot
        let route = Route(
            .GET, "/poll",
            handler: .inline { [lot] _, waking in
                let seen = lot.epoch(of: 7)
                if calls.add(1, ordering: .relaxed).oldValue == wakes { return .respond(.text(200, "\(waking!)")) }
                // The change comes after the truth was read, and before the request is parked.
                lot.wake(subject: 7)
                return .park(Parking(key: ParkingKey(subject: 7, lane: 0), seen: seen, deadline: .now + .seconds(600)))
            })
        let server = try makeServer([route], lot: lot)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        try client.get("/poll")
        #expect(try client.reply().body == "changed")
    }

    @Test func noticesALostClient() throws {
        let server = try makeServer([.poll(lot)], lot: lot) { $0.lostClientProbe = .milliseconds(50) }
        defer { server.stop() }
        let stays = try RawClient(port: server.port), goes = try RawClient(port: server.port)
        try stays.get("/poll/7/1")
        try goes.get("/poll/7/2")
        #expect(eventually { lot.count == 2 })
        goes.hangUp()
        #expect(eventually { lot.count == 1 && server.stats.openConnections == 1 })
        #expect(eventually { server.stats.lostClients == 1 })
        lot.wake(subject: 7)
        #expect(try stays.reply().body == "changed")
    }

    @Test func keepsTheStateAndTheHeaderOfAParkedRequest() throws {
        let lot = lot
        let route = Route(
            .GET, "/poll/{id}",
            handler: .inline { [lot] request, waking in
                let seen = lot.epoch(of: 7)
                guard waking != nil else {
                    return .park(Parking(key: ParkingKey(subject: 7, lane: 0), seen: seen, deadline: .now + .seconds(600), state: Note("kept")))
                }
                let state = (request.parkedState as? Note)?.text ?? "lost"
                return .respond(
                    .text(200, "\(state) \(request.parameter("id")) \(request.header("X-A") ?? "") \(request.query("q") ?? "")"))
            })
        let server = try makeServer([route], lot: lot)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        try client.get("/poll/abc?q=1", headers: "X-A: b\r\n")
        #expect(eventually { lot.count == 1 })
        lot.wake(subject: 7)
        #expect(try client.reply().body == "kept abc b 1")
    }

    @Test func parksAfterAWorkerHasLoadedTheFacts() throws {
        let lot = lot
        let isLoaded = Atomic<Bool>(false)
        let route = Route(
            .GET, "/poll/{subject}",
            handler: .inline { [lot] request, waking in
                let seen = lot.epoch(of: 7)
                guard isLoaded.load(ordering: .acquiring) else {
                    return .worker { request in
                        precondition(request.parameter("subject") == "7")
                        isLoaded.store(true, ordering: .releasing)
                        return .handleAgain
                    }
                }
                if waking == .changed { return .respond(.text(200, "changed")) }
                precondition(waking == .resumed)
                return .park(Parking(key: ParkingKey(subject: 7, lane: 0), seen: seen, deadline: .now + .seconds(600)))
            })
        let server = try makeServer([route], lot: lot)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        try client.get("/poll/7")
        #expect(eventually { lot.count == 1 })
        lot.wake(subject: 7)
        #expect(try client.reply().body == "changed")
    }

    private final class Note: Sendable {
        let text: String
        init(_ text: String) { self.text = text }
    }
}
