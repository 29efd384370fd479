import HTTPClient
import TestSupport
import Testing

/// Whom a client takes for its server.
@Suite struct DistrustTests {
    private static let certificates = Result {
        let certificates = try Certificates()
        try certificates.issue("next")
        try certificates.issue("elsewhere", for: ["IP:127.0.0.2"])
        try certificates.issue("expired", madeAt: .days(-30))
        try certificates.issue("early", madeAt: .days(30))
        return certificates
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let server: String
        var pins: [String] = []
        var checksDates = true
        /// `nil`: an answer comes.
        let distrust: HTTPClientError.Distrust?

        var testDescription: String { "\(server) pinned to \(pins)\(checksDates ? "" : " without dates")" }
    }

    @Test(arguments: [
        Case(server: "ours", distrust: nil),
        Case(server: "ours", pins: ["ours"], distrust: nil),
        Case(server: "ours", pins: ["next", "ours"], distrust: nil),
        Case(server: "ours", pins: ["next"], distrust: .key),
        Case(server: "ours", pins: ["next", "foreign"], distrust: .key),
        // A pin does not stand in for the rest.
        Case(server: "foreign", pins: ["foreign"], distrust: .certificate),
        Case(server: "elsewhere", pins: ["elsewhere"], distrust: .name),
        Case(server: "expired", pins: ["expired"], distrust: .certificate),
        Case(server: "foreign", distrust: .certificate),
        Case(server: "elsewhere", distrust: .name),
        Case(server: "expired", distrust: .certificate),
        Case(server: "early", distrust: .certificate),
        // Without a clock only the dates go.
        Case(server: "expired", checksDates: false, distrust: nil),
        Case(server: "early", pins: ["early"], checksDates: false, distrust: nil),
        Case(server: "expired", pins: ["ours"], checksDates: false, distrust: .key),
        Case(server: "foreign", checksDates: false, distrust: .certificate),
        Case(server: "elsewhere", checksDates: false, distrust: .name),
    ])
    func believesNobodyElse(_ example: Case) throws {
        let certificates = try Self.certificates.get()
        let server = try SecureServer(certificates, example.server)
        var options = HTTPClientOptions(caFile: certificates.authority("ours"))
        options.pinnedKeys = try example.pins.map { try certificates.pin($0) }
        options.checksDates = example.checksDates
        let request = HTTPClientRequest(url: server.url, headers: [("Authorization", "Bearer secret")])
        guard let distrust = example.distrust else {
            #expect(try HTTPExchange.perform(request, options: options).status == 200)
            return
        }
        let error = #expect(throws: HTTPClientError.self) { try HTTPExchange.perform(request, options: options) }
        #expect(error?.code == .tls)
        #expect(error?.distrust == distrust, "\(String(describing: error))")
        #expect(error?.mayHaveArrived == false, "nothing was sent")
    }

    @Test func saysWithWhichKeyTheServerAnswered() throws {
        let certificates = try Self.certificates.get()
        let server = try SecureServer(certificates, "ours")
        let loop = TransferLoop(options: HTTPClientOptions(caFile: certificates.authority("ours")))
        for resumed in [false, true] {
            let response = try result(of: loop, server.url).get()
            #expect(String(decoding: response.body, as: UTF8.self).contains("Reused") == resumed)
            let script = "openssl x509 -in \"$0\" -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum"
            let digest = try Programs.run("sh", ["-c", script, certificates.certificate("ours")]).output.prefix(64)
            #expect(response.serverKey?.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == String(digest))
        }
        let plain = RawServer { _ in .last(reply()) }
        #expect(try HTTPExchange.perform(HTTPClientRequest(url: plain.url)).serverKey == nil)
        plain.stop()
    }

    @Test func newPinsHoldForAResumedSessionToo() throws {
        let certificates = try Self.certificates.get()
        let server = try SecureServer(certificates, "ours")
        let loop = TransferLoop(options: HTTPClientOptions(caFile: certificates.authority("ours")))
        _ = try result(of: loop, server.url).get()
        loop.options.pinnedKeys = [try certificates.pin("next")]
        let error = #expect(throws: HTTPClientError.self) { try result(of: loop, server.url).get() }
        #expect(error?.distrust == .key)
        loop.options.pinnedKeys.append(try certificates.pin("ours"))
        #expect(try result(of: loop, server.url).get().status == 200)
    }

    @Test func newPinsHoldForAKeptConnectionToo() throws {
        let certificates = try Self.certificates.get()
        // Keeps connections, unlike s_server.
        let server = try ServerProcess(configuration: certificates.configuration("ours"))
        let loop = TransferLoop(options: HTTPClientOptions(caFile: certificates.authority("ours")))
        let url = "https://127.0.0.1:\(server.port)/healthz"
        #expect(try result(of: loop, url).get().status == 200)
        loop.options.pinnedKeys = [try certificates.pin("next")]
        let error = #expect(throws: HTTPClientError.self) { try result(of: loop, url).get() }
        #expect(error?.distrust == .key)
        try server.stop()
    }

    @Test func anAnswerInPlainTextIsNoServerAndACutHandshakeIsOnlyACutHandshake() throws {
        // Answers whoever connects, as a login page on port 443 does.
        let script = """
            import socket, sys
            server = socket.create_server(('127.0.0.1', 0)); print(server.getsockname()[1], flush=True)
            while True:
                client, _ = server.accept()
                client.recv(1024)
                client.sendall(sys.argv[1].encode()); client.close()
            """
        for (answer, expected) in [("HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n", HTTPClientError.Distrust.notTLS), ("", nil)] {
            let portal = try ChildProcess("python3", ["-c", script, answer])
            let port = try eventually("the page") { Int(portal.output.split(separator: "\n").first ?? "") }
            let error = #expect(throws: HTTPClientError.self) { try HTTPExchange.perform(HTTPClientRequest(url: "https://127.0.0.1:\(port)/")) }
            #expect(error?.code == .tls, "\(String(describing: error))")
            #expect(error?.distrust == expected, "\(String(describing: error))")
        }
    }

    private func result(of loop: TransferLoop, _ url: String) throws -> Result<HTTPClientResponse, HTTPClientError> {
        _ = try loop.start(HTTPClientRequest(url: url, timeout: .seconds(20)))
        while true {
            if let finished = loop.poll(extraFD: -1, timeout: .seconds(1)).finished.first { return finished.result }
        }
    }
}
