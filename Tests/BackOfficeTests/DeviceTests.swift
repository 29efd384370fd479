import TestSupport
import Testing
import Wire

@Suite struct DeviceTests {
    @Test func registersADeviceAndShowsIt() throws {
        let api = try Shared.api
        let reference = Names.reference()
        let imei = Names.imei()
        try api.addAccount(reference)
        let made = try api.must(201, "POST", "/v1/devices", #"{"imei":"\#(imei)","account":"\#(reference)","model":"Timpa Pro"}"#)
        let shown = try api.must(200, "GET", "/v1/devices/\(imei)")
        for device in [made, shown] {
            #expect(device["imei"].string == imei)
            #expect(device["account"].string == reference)
            #expect(device["model"].string == "Timpa Pro")
            #expect(!device.has("last_seen") && !device.has("last_location"))
            #expect(device["overdue"].bool == false)
            #expect(device["holds"] == .array([]))
        }
        let devices = try api.get("/v1/accounts/\(reference)").json["devices"].array
        #expect(devices.map { $0["imei"].string } == [imei])
    }

    @Test func refusesADeviceThatIsThereAlready() throws {
        let api = try Shared.api
        let reference = Names.reference()
        let other = Names.reference()
        let imei = Names.imei()
        try api.addAccount(reference)
        try api.addAccount(other)
        try api.addDevice(imei, account: reference)
        expectProblem(try api.post("/v1/devices", #"{"imei":"\#(imei)","account":"\#(reference)"}"#), 409, "device_exists")
        expectProblem(try api.post("/v1/devices", #"{"imei":"\#(imei)","account":"\#(other)"}"#), 409, "registered_to_another_account")
        let reply = try api.post("/v1/devices", #"{"imei":"\#(imei)"}"#)
        #expect(reply.status == 409)
        expectProblemForm(reply)
        #expect(try api.get("/v1/devices/\(imei)").json["account"].string == reference)
    }

    @Test func registersLaterWhatWasKnownWithoutAnAccount() throws {
        let api = try Shared.api
        let reference = Names.reference()
        let imei = Names.imei()
        try api.addAccount(reference)
        try api.addDevice(imei)
        let before = try #require(api.get("/v1/devices/\(imei)").json["revision"].integer)
        let reply = try api.post("/v1/devices", #"{"imei":"\#(imei)","account":"\#(reference)"}"#)
        #expect((200...201).contains(reply.status))
        #expect(reply.json["account"].string == reference)
        #expect(try #require(reply.json["revision"].integer) > before)
    }

    @Test func refusesAnUnknownAccount() throws {
        let api = try Shared.api
        let imei = Names.imei()
        expectProblem(try api.post("/v1/devices", #"{"imei":"\#(imei)","account":"\#(Names.reference())"}"#), 404, "account_not_found")
        expectProblem(try api.get("/v1/devices/\(imei)"), 404, "device_not_found")
    }

    /// 49015420323751 with check digit 8 is the example of 3GPP TS 23.003 annex B and of every manual; only its form matters here.
    private static let badIMEIs = [
        "490154203237517", "490154203237510", "000000000000000", "00000000000000", "0000000000000000", "4901542032375", "49015420323751812",
        "", "49015420323751X", "+49015420323751", "４９０１５４２０３２３７５１８", "imei",
    ]

    @Test(arguments: badIMEIs) func refusesWhatIsNoIMEI(_ imei: String) throws {
        let api = try Shared.api
        let reply = try api.post("/v1/devices", #"{"imei":"\#(imei)"}"#)
        #expect(reply.status == 400, "\(reply.text)")
        expectProblemForm(reply)
        #expect(reply.json["detail"].string?.contains("imei") == true || reply.code == "invalid_imei", "says which field")
        let path = imei.utf8.map { byte in
            let hex = String(byte, radix: 16, uppercase: true)
            return "%" + (hex.count == 1 ? "0" + hex : hex)
        }.joined()
        if !path.isEmpty { expectProblem(try api.get("/v1/devices/\(path)"), 400, "invalid_imei") }
    }

    @Test func refusesAnIMEIThatIsANumber() throws {
        expectProblem(try Shared.api.post("/v1/devices", #"{"imei":490154203237518}"#), 400, "invalid_body")
    }

    @Test func takesEachWayToWriteAnIMEIAsTheSameDevice() throws {
        let api = try Shared.api
        let imei = Names.imei()
        let serial = String(imei.prefix(14))
        try api.addDevice(imei)
        let ways = [
            serial, serial + "00", serial + "99", "\(imei.prefix(2))-\(imei.dropFirst(2).prefix(6))-\(imei.dropFirst(8).prefix(6))-\(imei.suffix(1))",
            "\(imei.prefix(6)) \(imei.dropFirst(6))", "\(imei.prefix(8)).\(imei.dropFirst(8))", "\(imei.prefix(8))/\(imei.dropFirst(8))",
        ]
        for way in ways {
            expectProblem(try api.post("/v1/devices", #"{"imei":"\#(way)"}"#), 409, "device_exists")
            let path = way.replacing(" ", with: "%20").replacing("/", with: "%2F")
            #expect(try api.must(200, "GET", "/v1/devices/\(path)")["imei"].string == imei)
        }
    }

    @Test(arguments: [14, 16]) func completesAShortOrLongIMEI(_ digits: Int) throws {
        let api = try Shared.api
        let imei = Names.imei()
        let given = digits == 14 ? String(imei.prefix(14)) : imei.prefix(14) + "42"
        #expect(try api.must(201, "POST", "/v1/devices", #"{"imei":"\#(given)"}"#)["imei"].string == imei)
    }

    @Test func tellsWhenATerminalIsOverdue() throws {
        let server = try InProcess()
        try server.api.addAccount("ACC-OVERDUE")
        let terminal = try TestTerminal.enrolled(server.api, account: "ACC-OVERDUE")
        try terminal.connect(now: server.clock.now.unixSeconds)
        let heard = try server.api.get("/v1/devices/\(terminal.imei)").json
        #expect(heard["overdue"].bool == false)
        #expect(heard["last_seen"].string == server.clock.now.description)
        // A lease runs 290 s beyond its signature, at most.
        server.clock.advance(by: .seconds(289))
        #expect(try server.api.get("/v1/devices/\(terminal.imei)").json["overdue"].bool == false)
        server.clock.advance(by: .seconds(2))
        #expect(try server.api.get("/v1/devices/\(terminal.imei)").json["overdue"].bool == true)
        try terminal.poll(after: nil)
        #expect(try server.api.get("/v1/devices/\(terminal.imei)").json["overdue"].bool == false)
    }
}
