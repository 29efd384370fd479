import HTTPServer
import Testing

@Suite struct WakeStressTests {
    /// 200 clients poll 50 subjects again and again while subjects are woken in random order: no wake is lost, none answered twice.
    @Test func eachParkedRequestGetsOneAnswer() async throws {
        let lot = ParkingLot()
        let server = try makeServer([.poll(lot)], lot: lot)
        defer { server.stop() }
        let clients = try (0..<200).map { _ in try RawClient(port: server.port) }
        for (index, client) in clients.enumerated() { try client.get("/poll/\(index % 50)/\(index / 50)") }
        #expect(eventually { lot.count == 200 })

        var random = SplitMix(state: 20_260_721)
        for _ in 0..<2_500 {
            let subject = Int(random.next() % 50)
            let parked = stride(from: subject, to: 200, by: 50)
            lot.wake(subject: UInt64(subject))
            if random.next() & 1 == 0 { lot.wake(subject: UInt64(subject)) }
            for index in parked { #expect(try clients[index].reply().body == "changed") }
            for index in parked { try clients[index].get("/poll/\(subject)/\(index / 50)") }
            // The next wake of the same subject may come before the polls are parked, and is then theirs to miss.
            #expect(eventually { lot.count == 200 })
        }
        #expect(server.stats.requests == 10_200)
    }

    /// Waking from several threads at once, with deadlines that fall due meanwhile.
    @Test func answersOnceWhenWakesAndDeadlinesMeet() async throws {
        let lot = ParkingLot()
        let server = try makeServer([.poll(lot, wait: .milliseconds(60))], lot: lot)
        defer { server.stop() }
        let port = server.port
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for round in 0..<20_000 { lot.wake(subject: UInt64(round % 10)) }
            }
            group.addTask {
                let clients = try (0..<50).map { _ in try RawClient(port: port) }
                for _ in 0..<20 {
                    for (index, client) in clients.enumerated() { try client.get("/poll/\(index % 10)/\(index)") }
                    for client in clients { #expect(["changed", "deadline"].contains(try client.reply().body)) }
                }
            }
            try await group.waitForAll()
        }
        #expect(lot.count == 0)
        #expect(server.stats.requests == 1_000)
    }
}

/// A random sequence that is the same in each run.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
