import HTTPServer
import Testing

@Suite(.serialized) struct TLSTests {
    @Test func servesAndParksOverTLS() throws {
        let lot = ParkingLot()
        let (certificate, key) = try Self.makeCertificate()
        let server = try makeServer([.plain, .poll(lot)], lot: lot) { $0.tls = (certificate, key) }
        defer { server.stop() }
        #expect(try Command.run("curl", "-sk", "--tlsv1.3", "https://127.0.0.1:\(server.port)/plain").output == "ok")
        #expect(try Command.run("curl", "-sk", "--tls-max", "1.1", "https://127.0.0.1:\(server.port)/plain").status != 0)

        let poll = try Command.start("curl", "-sk", "https://127.0.0.1:\(server.port)/poll/7/1")
        #expect(eventually { lot.count == 1 })
        lot.wake(subject: 7)
        #expect(try poll.wait().output == "changed")
    }

    @Test func noticesALostClientOverTLS() throws {
        let lot = ParkingLot()
        let (certificate, key) = try Self.makeCertificate()
        let server = try makeServer([.poll(lot)], lot: lot) {
            $0.tls = (certificate, key)
            $0.lostClientProbe = .milliseconds(50)
        }
        defer { server.stop() }
        let poll = try Command.start("curl", "-sk", "https://127.0.0.1:\(server.port)/poll/7/1")
        #expect(eventually { lot.count == 1 })
        poll.terminate()
        #expect(eventually { lot.count == 0 && server.stats.openConnections == 0 })
        #expect(eventually { server.stats.lostClients == 1 })
        _ = try poll.wait()
    }

    @Test func endsAHandshakeThatDoesNotCome() throws {
        let (certificate, key) = try Self.makeCertificate()
        let server = try makeServer([.plain]) {
            $0.tls = (certificate, key)
            $0.requestHeaderDeadline = .milliseconds(100)
        }
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        #expect(try client.isClosedByServer())
    }

    @Test func refusesAKeyThatIsNone() throws {
        let error = #expect(throws: HTTPServerError.self) { try makeServer([.plain]) { $0.tls = ("no certificate", "no key") } }
        #expect(error?.code == .daemon)
    }

    /// A self-signed certificate for 127.0.0.1, and its key.
    private static func makeCertificate() throws -> (certificate: String, key: String) {
        let made = try Command.run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
            "-subj", "/CN=127.0.0.1", "-keyout", "-")
        // Key and certificate come on the same output, the key first.
        let end = "-----END PRIVATE KEY-----\n"
        let parts = made.output.split(separator: end, maxSplits: 1)
        try #require(parts.count == 2)
        return (String(parts[1]), parts[0] + end)
    }
}
