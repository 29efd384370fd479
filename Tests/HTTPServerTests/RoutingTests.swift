import HTTPServer
import Testing

@Suite struct RoutingTests {
    private static let routes = [
        Route.plain,
        Route(
            .GET, "/devices/{imei}/channels/{channel}",
            handler: .inline { request, _ in
                let parts = [request.parameter("imei"), request.parameter("channel"), request.query("after") ?? "-", request.path]
                return .respond(.text(200, parts.joined(separator: "|")))
            }),
        Route(.GET, "/devices/search", handler: .inline { _, _ in .respond(.text(200, "search")) }),
        Route(.GET, "/devices/{imei}", handler: .inline { request, _ in .respond(.text(200, "device \(request.parameter("imei"))")) }),
        Route(.POST, "/devices/{imei}", bodyLimit: 100, handler: .inline { request, _ in .respond(.text(201, "posted")) }),
        Route(
            .GET, "/echo",
            handler: .inline { request, _ in
                .respond(.text(200, "\(request.header("x-THING") ?? "none") \(request.remoteAddress) \(request.method)"))
            }),
    ]

    @Test(arguments: [
        ("/plain", 200, "ok"),
        ("/plain/", 404, "not_found"),
        ("/", 404, "not_found"),
        ("/devices/1/channels/timpa", 200, "1|timpa|-|/devices/1/channels/timpa"),
        ("/devices/a%2Fb/channels/t%C3%A9?after=1+2%263", 200, "a/b|té|1 2&3|/devices/a/b/channels/té"),
        ("/devices//channels/t", 404, "not_found"),
        ("/devices/1/channels/t/more", 404, "not_found"),
        ("/devices/search", 200, "search"),
        ("/devices/sear%63h", 200, "device search"),
        ("/devices/", 404, "not_found"),
        ("/devices/a%zz", 400, "malformed_url"),
        ("/devices/a%", 400, "malformed_url"),
        ("/devices/a%00", 400, "malformed_url"),
        ("/devices/%ff", 400, "malformed_url"),
        ("/devices/1?x=%4", 400, "malformed_url"),
    ])
    func answersByPath(target: String, status: Int, body: String) throws {
        let server = try makeServer(Self.routes)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        try client.get(target)
        let reply = try client.reply()
        #expect(reply.status == status)
        #expect(reply.body == body)
    }

    @Test func namesTheMethodsOfAPath() throws {
        let server = try makeServer(Self.routes)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        for method in ["DELETE", "OPTIONS", "BREW"] {
            try client.send("\(method) /devices/1 HTTP/1.1\r\nHost: t\r\n\r\n")
            let reply = try client.reply()
            #expect(reply.status == 405)
            #expect(reply.header("Allow") == "GET, POST, HEAD")
        }
    }

    @Test func findsHeaderFieldsWhateverTheirCase() throws {
        let server = try makeServer(Self.routes)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        try client.get("/echo", headers: "X-Thing: a b\r\n")
        #expect(try client.reply().body == "a b 127.0.0.1 GET")
    }

    @Test func answersHEADWithoutABody() throws {
        let server = try makeServer(Self.routes)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        try client.send("HEAD /plain HTTP/1.1\r\nHost: t\r\n\r\n")
        let head = try client.reply(hasBody: false)
        #expect(head.status == 200)
        #expect(head.header("Content-Length") == "2")
        try client.get("/plain")
        #expect(try client.reply().body == "ok")
    }

    @Test func refusesAHeaderThatDoesNotFit() throws {
        let server = try makeServer(Self.routes)
        defer { server.stop() }
        let long = String(repeating: "x", count: 5_000)
        let fields = try RawClient(port: server.port)
        try fields.get("/plain", headers: "X-Long: \(long)\r\n")
        #expect(try fields.reply(hasBody: false).status == 431)
        let line = try RawClient(port: server.port)
        try line.get("/\(long)")
        #expect([414, 431].contains(try line.reply(hasBody: false).status))
    }

    @Test func callsAHandlerWithoutAServer() {
        let request = HTTPRequest(method: .GET, path: "/devices/1", parameters: ["imei": "1"], headers: ["X-A": "b"], body: [1])
        #expect(request.parameter("imei") == "1")
        #expect(request.header("x-a") == "b")
        #expect(request.body == [1])
        #expect(request.query("after") == nil)
    }
}
