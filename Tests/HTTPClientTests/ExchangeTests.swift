import HTTPClient
import Testing

@Suite struct ExchangeTests {
    @Test func sendsNothingThatWasNotAskedFor() throws {
        let server = RawServer { _ in .bytes(reply()) }
        defer { server.stop() }
        _ = try HTTPExchange.perform(HTTPClientRequest(url: server.url + "/a?b=c"))
        _ = try HTTPExchange.perform(
            HTTPClientRequest(
                method: "POST", url: server.url + "/p", headers: [("Content-Type", "application/json")], body: Array("{}".utf8)))
        _ = try HTTPExchange.perform(HTTPClientRequest(method: "POST", url: server.url + "/e", headers: [("X-Empty", "")]))
        _ = try HTTPExchange.perform(HTTPClientRequest(method: "DELETE", url: server.url + "/d", body: Array("note".utf8)))
        _ = try HTTPExchange.perform(HTTPClientRequest(method: "DELETE", url: server.url + "/d"))
        _ = try HTTPExchange.perform(HTTPClientRequest(method: "HEAD", url: server.url + "/h"))
        let host = "HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"
        #expect(
            server.requests == [
                "GET /a?b=c \(host)\r\n",
                "POST /p \(host)Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                "POST /e \(host)X-Empty:\r\nContent-Length: 0\r\n\r\n",
                "DELETE /d \(host)Content-Length: 4\r\n\r\nnote",
                "DELETE /d \(host)\r\n",
                "HEAD /h \(host)\r\n",
            ])
    }

    @Test func returnsStatusHeadersAndBody() throws {
        let server = RawServer { _ in
            .bytes("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n" + reply("503 No", "busy", headers: "Retry-After:  7 \r\nX-None:\r\n"))
        }
        defer { server.stop() }
        let response = try HTTPExchange.perform(HTTPClientRequest(url: server.url))
        #expect(response.status == 503)
        #expect(response.body == Array("busy".utf8))
        #expect(response.header("retry-after") == "7")
        #expect(response.header("X-NONE") == "")
        #expect(response.header("X-Early") == nil)
    }

    @Test func followsNoRedirect() throws {
        let server = RawServer { _ in .bytes(reply("302 Found", headers: "Location: http://127.0.0.1:1/\r\n")) }
        defer { server.stop() }
        #expect(try HTTPExchange.perform(HTTPClientRequest(url: server.url)).status == 302)
    }

    private static let long = String(repeating: "x", count: 2000)
    private static let bad: [(String, HTTPClientError.Code)] = [
        (reply("200 OK", long), .tooLarge),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n\(long)\r\n0\r\n\r\n", .tooLarge),
        ("HTTP/1.1 200 OK\r\n\r\n\(long)", .tooLarge),
        (reply(headers: (0..<20).map { "X-\($0): \(long)\r\n" }.joined()), .tooLarge),
        ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", .closed),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", .closed),
        ("", .closed),
        ("SSH-2.0-OpenSSH_9.2\r\n", .other),
    ]

    @Test(arguments: bad) func refusesABadResponse(_ bytes: String, _ code: HTTPClientError.Code) {
        let server = RawServer { _ in .last(bytes) }
        defer { server.stop() }
        let error = #expect(throws: HTTPClientError.self) {
            try HTTPExchange.perform(HTTPClientRequest(url: server.url, responseLimit: 1000))
        }
        #expect(error?.code == code, "\(String(describing: error))")
    }

    @Test func acceptsABodyOfExactlyTheLimit() throws {
        let server = RawServer { _ in .bytes(reply("200 OK", "12345")) }
        defer { server.stop() }
        #expect(try HTTPExchange.perform(HTTPClientRequest(url: server.url, responseLimit: 5)).body.count == 5)
    }

    @Test func endsAtTheDeadline() {
        let server = RawServer { _ in .silence }
        defer { server.stop() }
        let error = #expect(throws: HTTPClientError.self) {
            try HTTPExchange.perform(HTTPClientRequest(url: server.url, timeout: .milliseconds(30)))
        }
        #expect(error?.code == .timeout)
    }

    @Test func saysThatNobodyListens() {
        let server = RawServer { _ in .silence }
        server.stop()
        let error = #expect(throws: HTTPClientError.self) { try HTTPExchange.perform(HTTPClientRequest(url: server.url)) }
        #expect(error?.code == .connect)
    }

    @Test func saysThatThereIsNoSuchHost() {
        let error = #expect(throws: HTTPClientError.self) {
            try HTTPExchange.perform(HTTPClientRequest(url: "https://no-such-host.invalid/"))
        }
        #expect(error?.code == .resolve)
        #expect(error?.operation == "GET https://no-such-host.invalid")
    }

    @Test(arguments: [[("X", "a\r\nB: c")], [("X\r\nB", "c")], [("", "c")], [("X:", "c")], [("X", "a\u{0}")]])
    func sendsNoHeaderThatWouldBeTwo(_ headers: [(String, String)]) {
        let error = #expect(throws: HTTPClientError.self) {
            try HTTPExchange.perform(HTTPClientRequest(url: "http://127.0.0.1:1", headers: headers.map { (name: $0.0, value: $0.1) }))
        }
        #expect(error?.code == .badURL)
    }

    @Test func keepsSecretsOutOfErrors() {
        let server = RawServer { _ in .last("") }
        defer { server.stop() }
        let request = HTTPClientRequest(
            method: "POST", url: server.url + "/hush/path?token=hush", headers: [("Authorization", "Bearer hush")], body: Array("hush".utf8)
        )
        let error = #expect(throws: HTTPClientError.self) { try HTTPExchange.perform(request) }
        #expect(error.map { "\($0)\(String(reflecting: $0))" }?.contains("hush") == false)
    }

    @Test func refusesPlainHTTPToOtherMachines() {
        let error = #expect(throws: HTTPClientError.self) { try HTTPExchange.perform(HTTPClientRequest(url: "http://192.0.2.1/")) }
        #expect(error?.code == .badURL)
    }
}
