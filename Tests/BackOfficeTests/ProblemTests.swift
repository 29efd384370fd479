import TestSupport
import Testing

/// What the server refuses before a handler sees it takes the form of every other error.
@Suite struct ProblemTests {
    @Test(arguments: [
        "/", "/v1", "/v1/", "/v1/nothing", "/v1/accounts/", "/v1/accounts/ABCD/nothing", "/V1/ACCOUNTS", "//v1/accounts", "/v1/accounts/../tokens",
        "/hooks/nothing",
    ])
    func saysNotFoundForAPathThatThereIsNot(_ path: String) throws {
        expectProblem(try Shared.api.get(path), 404, "not_found")
    }

    @Test(arguments: [
        ("DELETE", "/v1/accounts"), ("PUT", "/v1/accounts/ABCD"), ("DELETE", "/v1/accounts/ABCD"), ("GET", "/v1/authorizations"),
        ("POST", "/healthz"),
        ("DELETE", "/v1/devices/490154203237518"), ("GET", "/v1/enrolments"), ("TRACE", "/v1/accounts"), ("BREW", "/v1/accounts"),
        ("PATCH", "/v1/tokens"),
    ])
    func saysWhichMethodsAPathHas(_ method: String, _ path: String) throws {
        let reply = try Shared.api.call(method, path, method == "GET" || method == "TRACE" ? nil : "{}")
        expectProblem(reply, 405, "method_not_allowed")
        let allowed = (reply.header("Allow") ?? "").split(separator: ",").map { String($0.drop { $0 == " " }) }
        #expect(!allowed.isEmpty && !allowed.contains(method))
    }

    @Test func answersHEADLikeGETWithoutABody() throws {
        let reply = try Shared.api.call("HEAD", "/healthz")
        #expect(reply.status == 200)
        #expect(reply.body.isEmpty)
    }

    @Test func refusesALongPath() throws {
        let reply = try Shared.api.get("/v1/accounts/" + String(repeating: "A", count: 20_000))
        #expect([400, 414, 431].contains(reply.status))
    }

    @Test func refusesManyAndLongHeaders() throws {
        for headers in [["X-Long: " + String(repeating: "h", count: 20_000)], (0..<1000).map { "X-\($0): h" }] {
            let reply = try Shared.api.call("GET", "/healthz", headers: headers)
            #expect([400, 413, 431].contains(reply.status))
        }
        #expect(try Shared.api.get("/healthz").status == 200)
    }

    @Test(arguments: [
        "\r\n\r\n\r\n\r\n", "GARBAGE\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\nHost: h\r\n\r\n", "GET /healthz HTTP/1.1\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n",
        "POST /v1/accounts HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        "POST /v1/accounts HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /v1/accounts HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "POST /v1/accounts HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n", "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /%ff%fe HTTP/1.1\r\nHost: h\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET http://example.test/v1/accounts HTTP/1.1\r\nHost: h\r\n\r\n",
    ])
    func survivesWhatIsNoHTTP(_ text: String) throws {
        let connection = try RawConnection(port: Shared.api.port)
        try connection.send(text)
        // An answer, or the end of the connection without one.
        if let reply = try? connection.reply() { #expect((400...499).contains(reply.status) || reply.status == 505) }
        #expect(try Shared.api.get("/healthz").status == 200)
    }

    @Test func tellsNothingSecretInAnError() throws {
        let api = try Shared.api
        for reply in [
            try api.with(token: "vl_secret-token").get("/v1/accounts"),
            try api.post(
                "/v1/enrolments",
                #"{"code":"ABCD-1234-SECR","imei":"\#(Names.imei())","channel":"KazTimpaPro","public_key":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}"#
            ),
        ] {
            #expect(reply.status >= 400)
            #expect(!reply.text.contains("SECR") && !reply.text.contains("secret-token"))
        }
    }
}
