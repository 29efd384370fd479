import TestSupport
import Testing
import Wire

@Suite struct DeviceListTests {
    @Test func pagesThroughAllDevices() throws {
        let server = try InProcess()
        let api = server.api
        #expect(try api.must(200, "GET", "/v1/devices") == JSONValue(Array(#"{"devices":[]}"#.utf8)))
        let imeis = (0..<5).map { _ in Names.imei() }.sorted()
        for imei in imeis.shuffled() { try api.addDevice(imei) }
        var found: [String] = []
        var path = "/v1/devices?limit=2"
        while true {
            let page = try api.must(200, "GET", path)
            #expect(page["devices"].array.count <= 2)
            found += page["devices"].array.compactMap { $0["imei"].string }
            guard let next = page["next"].string else { break }
            path = "/v1/devices?limit=2&after=\(next)"
        }
        #expect(found == imeis)
        #expect(try api.must(200, "GET", "/v1/devices")["devices"][0] == api.must(200, "GET", "/v1/devices/\(imeis[0])"))
        expectProblem(try api.get("/v1/devices?after=1"), 400, "invalid_imei")
        expectProblem(try api.get("/v1/devices?limit=0"), 400, "invalid_query")
    }

    @Test func showsWhatATerminalReportedNewestFirst() throws {
        let server = try InProcess()
        let api = server.api
        try api.addAccount("ACC-REPORTS")
        let terminal = try TestTerminal.enrolled(api, account: "ACC-REPORTS")
        try terminal.connect(now: server.clock.now.unixSeconds)
        let path = "/v1/devices/\(terminal.imei)/events"
        #expect(try api.must(200, "GET", path) == JSONValue(Array(#"{"events":[]}"#.utf8)))
        let refusal = #""operation":"airtime_vend","amount_cents":5000,"reason":"account_locked","count":3"#
        #expect(
            try terminal.eventsReply([
                TestTerminal.event(1, "started"), TestTerminal.event(2, "gate_refused", refusal), TestTerminal.event(5, "something_newer"),
            ]).status == 200)
        let all = try api.must(200, "GET", path)["events"].array
        #expect(all.map { $0["seq"].integer } == [5, 2, 1])
        #expect(all[0]["kind"].string == "something_newer")
        #expect(all[1]["operation"].string == "airtime_vend" && all[1]["amount_cents"].integer == 5000 && all[1]["count"].integer == 3)
        #expect(all.allSatisfy { $0["received_at"].string == server.clock.now.description })
        let page = try api.must(200, "GET", path + "?limit=2")
        #expect(page["events"].array.map { $0["seq"].integer } == [5, 2])
        let rest = try api.must(200, "GET", path + "?limit=2&after=\(page["next"].string ?? "")")
        #expect(rest["events"].array.map { $0["seq"].integer } == [1] && !rest.has("next"))
        expectProblem(try api.get(path + "?after=x"), 400, "invalid_query")
        expectProblem(try api.get("/v1/devices/\(Names.imei())/events"), 404, "device_not_found")
        // The terminal's own credential reads nothing here.
        expectProblem(try api.with(token: terminal.session).get(path), 401, "unauthorized")
    }
}
