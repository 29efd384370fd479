import TestSupport
import Testing

@Suite struct AccountTests {
    @Test func answersANewAccountWithAllThatTheContractNames() throws {
        let api = try Shared.api
        let reference = Names.reference()
        let owner = #"{"name":"Test","surname":"Vendor","address":"1 Example Street","id_number":"0000000000000","email":"vendor@example.test"}"#
        let body =
            #"{"reference":"\#(reference.lowercased())","owner":\#(owner),"linked_number":"+27 71 000 0001","language":"zu","locked_channels":["KazTimpaPro","KazangMobi2"]}"#
        let account = try api.must(201, "POST", "/v1/accounts", body)
        #expect(account["reference"].string == reference)
        #expect(try account["owner"] == JSONValue(Array(owner.utf8)))
        #expect(account["linked_number"].string == "+27710000001")
        #expect(account["language"].string == "zu")
        #expect(account["locked_channels"].strings == ["KazTimpaPro", "KazangMobi2"])
        #expect(!account.has("last_channel"))
        #expect(account["holds"] == .array([]) && account["devices"] == .array([]))
        #expect(try #require(account["revision"].integer) > 1_700_000_000_000)
        #expect(try api.must(200, "GET", "/v1/accounts/\(reference)") == account)
        #expect(try api.must(200, "GET", "/v1/accounts/\(reference.lowercased())") == account)
    }

    @Test func refusesASecondAccountOfTheSameReferenceInAnyCase() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let again = try api.post("/v1/accounts", #"{"reference":"\#(reference.lowercased())","owner":{"name":"Another"}}"#)
        expectProblem(again, 409, "account_exists")
        #expect(try api.get("/v1/accounts/\(reference)").json["owner"]["name"].string == "Test Vendor")
    }

    private static let badBodies: [(String, String?)] = [
        (#"{"reference":"ABC","owner":{"name":"N"}}"#, nil),
        (#"{"reference":"A23456789012345678901","owner":{"name":"N"}}"#, nil),
        (#"{"reference":"ACC_1","owner":{"name":"N"}}"#, nil),
        (#"{"reference":"ACC 1","owner":{"name":"N"}}"#, nil),
        (#"{"reference":"","owner":{"name":"N"}}"#, nil),
        (#"{"reference":12345678,"owner":{"name":"N"}}"#, "invalid_body"),
        (#"{"owner":{"name":"N"}}"#, "invalid_body"),
        (#"{"reference":"BAD-0001"}"#, "invalid_body"),
        (#"{"reference":"BAD-0001","owner":{"name":"  "}}"#, "text_required"),
        (#"{"reference":"BAD-0001","owner":{"name":"N"},"linked_number":"710001"}"#, "invalid_number"),
        (#"{"reference":"BAD-0001","owner":{"name":"N"},"linked_number":"+2771"}"#, "invalid_number"),
        (#"{"reference":"BAD-0001","owner":{"name":"N"},"linked_number":"+27710000001000000"}"#, "invalid_number"),
        (#"{"reference":"BAD-0001","owner":{"name":"N"},"linked_number":"+27 call me"}"#, "invalid_number"),
        (#"{"reference":"BAD-0001","owner":{"name":"N"},"linked_number":"+２７７１０００００００１"}"#, "invalid_number"),
        (#"{"reference":"BAD-0001","owner":{"name":"N"},"locked_channels":["KazTimpaProX"]}"#, "unknown_channel"),
        (#"{"reference":"BAD-0001","owner":{"name":"N"},"locked_channels":"KazTimpaPro"}"#, "invalid_body"),
        (#"["BAD-0001"]"#, "invalid_body"),
        ("null", nil),
        ("", "malformed_json"),
        ("{", "malformed_json"),
        (#"{"reference":"BAD-0001","owner":{"name":"N"}"#, "malformed_json"),
        (#"{"reference":"BAD-0001","owner":{"name":"N"}} {}"#, "malformed_json"),
        ("reference=BAD-0001&owner=N", "malformed_json"),
        (
            #"{"reference":"BAD-0001","owner":{"name":"N"},"extra":"# + String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
                + "}", "too_deep"
        ),
        (String(repeating: "[", count: 60_000), "too_deep"),
    ]

    @Test(arguments: badBodies) func refusesABadBodyAndMakesNothing(_ body: String, _ code: String?) throws {
        let api = try Shared.api
        let reply = try api.post("/v1/accounts", body)
        #expect(reply.status == 400, "\(reply.text)")
        if let code { #expect(reply.code == code, "\(reply.text)") }
        expectProblemForm(reply)
        #expect(try api.get("/v1/accounts/BAD-0001").status == 404)
    }

    @Test func namesTheFieldThatIsWrong() throws {
        let reply = try Shared.api.post("/v1/accounts", #"{"reference":"A!","owner":{"name":"N"}}"#)
        #expect(reply.json["detail"].string?.contains("reference") == true)
    }

    @Test(arguments: [
        [UInt8]("{\"reference\":\"BAD-0001\",\"owner\":{\"name\":\"".utf8) + [0xC3, 0x28] + [UInt8]("\"}}".utf8), [0xFF, 0xFE, 0x7B, 0x00],
    ])
    func refusesABodyThatIsNotUTF8(_ bytes: [UInt8]) throws {
        expectProblem(try Shared.api.call("POST", "/v1/accounts", bytes: bytes), 400, "not_utf8")
    }

    @Test func refusesABodyThatIsTooLarge() throws {
        let name = String(repeating: "n", count: 100_000)
        expectProblem(try Shared.api.post("/v1/accounts", #"{"reference":"BAD-0001","owner":{"name":"\#(name)"}}"#), 413, "body_too_large")
    }

    @Test func refusesAChunkedBodyThatGrowsTooLarge() throws {
        let api = try Shared.api
        let connection = try RawConnection(port: api.port)
        try connection.send("POST /v1/accounts HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(api.token!)\r\nTransfer-Encoding: chunked\r\n\r\n")
        // 68 KiB: more than is taken, and little enough that all of it is sent before the server closes.
        for _ in 0..<17 { try connection.send("1000\r\n\(String(repeating: " ", count: 4096))\r\n") }
        try connection.send("0\r\n\r\n")
        expectProblem(try connection.reply(), 413, "body_too_large")
    }

    @Test(arguments: ["ABC", "ACC_1", "A23456789012345678901", "%20%20%20%20", "..%2F..%2Fetc"])
    func refusesAPathThatNamesNoReference(_ text: String) throws {
        expectProblem(try Shared.api.get("/v1/accounts/\(text)"), 400, "invalid_reference")
    }

    private static let accountCalls: [(String, String, String?)] = [
        ("GET", "", nil), ("PATCH", "", #"{"language":"en"}"#), ("POST", "/holds", #"{"kind":"staff","reason":"r"}"#),
        ("DELETE", "/holds/hold_x", #"{"note":"n"}"#), ("PUT", "/locked-channels", #"{"channels":["KazangPOS"],"ticket":"t"}"#),
        ("GET", "/notes", nil),
        ("POST", "/notes", #"{"text":"t"}"#), ("GET", "/locks", nil),
    ]

    @Test(arguments: accountCalls) func saysWhenThereIsNoSuchAccount(_ method: String, _ path: String, _ body: String?) throws {
        let reply = try Shared.api.call(method, "/v1/accounts/\(Names.reference())\(path)", body)
        if path.hasPrefix("/holds/") {
            #expect(reply.status == 404)
            expectProblemForm(reply)
        } else {
            expectProblem(reply, 404, "account_not_found")
        }
    }

    // MARK: Changes

    @Test func changesWhatIsGivenAndLeavesTheRest() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference, number: "+27710000002")
        let changed = try api.must(200, "PATCH", "/v1/accounts/\(reference)", #"{"owner":{"surname":"Married"},"language":"xh"}"#)
        #expect(changed["owner"]["name"].string == "Test Vendor")
        #expect(changed["owner"]["surname"].string == "Married")
        #expect(changed["language"].string == "xh")
        #expect(changed["linked_number"].string == "+27710000002")
        let notes = try api.must(200, "GET", "/v1/accounts/\(reference)/notes")["notes"].array.compactMap { $0["text"].string }
        #expect(notes.contains { $0.contains("owner") && $0.contains("language to xh") })
    }

    @Test(arguments: [
        (#"{"linked_number":"082000000"}"#, "invalid_number"), (#"{"owner":{"name":""}}"#, "text_required"), (#"{"language":7}"#, "invalid_body"),
        ("{", "malformed_json"),
    ])
    func refusesABadChangeAndLeavesTheAccount(_ body: String, _ code: String) throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference, number: "+27710000004")
        let before = try api.get("/v1/accounts/\(reference)").json
        expectProblem(try api.patch("/v1/accounts/\(reference)", body), 400, code)
        #expect(try api.get("/v1/accounts/\(reference)").json == before)
    }

    // MARK: Lists

    @Test func listsByPagesWithoutGapOrRepeat() throws {
        let server = try InProcess()
        let references = (0..<25).map { "PAGE-\(1000 + $0)" }
        for reference in references.shuffled() { try server.api.addAccount(reference) }
        var seen: [String] = []
        var after: String?
        var pages = 0
        repeat {
            let page = try server.api.must(200, "GET", "/v1/accounts?limit=10" + (after.map { "&after=\($0)" } ?? ""))
            seen += page["accounts"].array.compactMap { $0["reference"].string }
            after = page["next"].string
            pages += 1
        } while after != nil && pages < 10
        #expect(seen == references)
        #expect(pages == 3)
    }

    @Test(arguments: ["0", "-1", "201", "ten", "1e2", ""]) func refusesABadPageSize(_ limit: String) throws {
        expectProblem(try Shared.api.get("/v1/accounts?limit=\(limit)"), 400, "invalid_query")
    }

    @Test func findsByReferenceNameNumberAndIMEI() throws {
        let server = try InProcess()
        let imei = Names.imei()
        let api = server.api
        for (reference, name, number) in [("FIND-0001", "Blue Door's Spaza", "+27710000011"), ("FIND-0002", "Ten%Off_Shop", "+27710000012")] {
            try api.must(201, "POST", "/v1/accounts", #"{"reference":"\#(reference)","owner":{"name":"\#(name)"},"linked_number":"\#(number)"}"#)
        }
        try api.addDevice(imei, account: "FIND-0002")
        func found(_ query: String) throws -> [String] {
            try api.must(200, "GET", "/v1/accounts?query=\(query)")["accounts"].array.compactMap { $0["reference"].string }
        }
        #expect(try found("find-0001") == ["FIND-0001"])
        #expect(try found("blue%20door") == ["FIND-0001"])
        #expect(try found("710000012") == ["FIND-0002"])
        #expect(try found("%2B27710000012") == ["FIND-0002"])
        for national in ["0710000012", "071%20000%200012", "071-000-0012", "0027710000012", "%2B27%2071%20000%200012", "%28071%29%20000%200012"] {
            #expect(try found(national) == ["FIND-0002"], "\(national)")
        }
        #expect(try found("071%20000") == ["FIND-0001", "FIND-0002"])
        #expect(try found(imei) == ["FIND-0002"])
        // What SQL would take as a wildcard is a character like any other.
        #expect(try found("%25") == ["FIND-0002"])
        #expect(try found("_") == ["FIND-0002"])
        #expect(try found("%27%20OR%201%3D1--") == [])
        #expect(try found("") == ["FIND-0001", "FIND-0002"])
        #expect(try found("nobody") == [])
    }
}
