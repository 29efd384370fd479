import TestSupport
import Testing
import Wire

@Suite struct ImportTests {
    private static let heading = "reference,owner_name,linked_number,locked_channels,devices\n"

    private func send(_ api: API, _ text: String, _ query: String = "") throws -> Reply { try send(api, Array(text.utf8), query) }

    private func send(_ api: API, _ bytes: [UInt8], _ query: String = "") throws -> Reply {
        try api.call("POST", "/v1/accounts/import" + query, bytes: bytes)
    }

    private func references(_ api: API) throws -> [String] {
        try api.must(200, "GET", "/v1/accounts?limit=200")["accounts"].array.compactMap { $0["reference"].string }
    }

    @Test func makesEveryAccountWithAllItsColumns() throws {
        let server = try InProcess()
        let (first, second) = (Names.imei(), Names.imei())
        let text =
            "\u{FEFF}Reference;owner_name;Owner_Surname;owner_address;owner_id_number;owner_email;linked_number;language;locked_channels;devices\r\n"
            + "shop-1;Thandi;Mokoena;\"1 Main Road\r\nSoweto\";8001015009087;t@example.test;082 123 4567;zu;KazTimpaPro KazangMobi2;\(first) \(second)\r\n"
            + ";;;;;;;;;\r\nshop-2;=1+1;;;;;;;;\r\n"
        let answer = try send(server.api, text)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json["created"].integer == 2 && answer.json["skipped"].integer == 0)
        let account = try server.api.must(200, "GET", "/v1/accounts/SHOP-1")
        #expect(account["owner"]["name"].string == "Thandi" && account["owner"]["surname"].string == "Mokoena")
        #expect(account["owner"]["address"].string == "1 Main Road\r\nSoweto" && account["owner"]["id_number"].string == "8001015009087")
        #expect(account["owner"]["email"].string == "t@example.test" && account["linked_number"].string == "+27821234567")
        #expect(account["language"].string == "zu" && account["locked_channels"].strings == ["KazTimpaPro", "KazangMobi2"])
        #expect(account["devices"].array.compactMap { $0["imei"].string }.sorted() == [first, second].sorted())
        #expect(account["devices"].array.allSatisfy { $0["registered"].bool == true })
        #expect(try server.api.must(200, "GET", "/v1/accounts/SHOP-2")["owner"]["name"].string == "=1+1", "a formula is text")
        let notes = try server.api.must(200, "GET", "/v1/accounts/SHOP-1/notes")["notes"].array
        #expect(notes.compactMap { $0["kind"].string } == ["device_registered", "device_registered", "account_created"])
        #expect(notes.allSatisfy { $0["actor"].string == "token:admin" && $0["role"].string == "admin" && $0["via"].string == "api" })
        #expect(try server.api.must(200, "GET", "/v1/notes")["notes"][0]["kind"].string == "accounts_imported")
    }

    /// The rows below a right one, and what is wrong: line, column, code.
    private static let bad: [(String, Int, String?, String)] = [
        ("A!,N,,,", 3, "reference", "invalid_reference"), (",N,,,", 3, "reference", "invalid_reference"),
        ("FINE-2,,,,", 3, "owner_name", "text_required"),
        ("FINE-2,N,0821,,", 3, "linked_number", "invalid_number"), ("FINE-2,N,8.2E+10,,", 3, "linked_number", "rounded_number"),
        ("8.2E+10,N,,,", 3, "reference", "rounded_number"), ("FINE-2,N,,,3.56938E+14", 3, "devices", "rounded_number"),
        ("FINE-2,N,,KazNothing,", 3, "locked_channels", "unknown_channel"), ("FINE-2,N,,,356938035643808", 3, "devices", "invalid_imei"),
        ("FINE-2,N,,,356938035643809 35693803564380", 3, "devices", "duplicate_imei"), ("fine-1,N,,,", 3, "reference", "duplicate_reference"),
        ("FINE-2,N,,,490154203237518", 3, "devices", "duplicate_imei"), ("FINE-2,N,,", 3, nil, "wrong_cell_count"),
        ("FINE-2,N,,,,", 3, nil, "wrong_cell_count"), ("TAKEN-1,N,,,", 3, "reference", "account_exists"),
        ("FINE-2,N,,,350000000000063", 3, "devices", "registered_to_another_account"), ("FINE-2,\"N\"x,,,", 3, "owner_name", "text_after_quote"),
        ("FINE-2,\"two\nlines\",,,\nFINE-3,,,,", 5, "owner_name", "text_required"), ("FINE-2,\"open,,,", 3, "cell 2", "open_quote"),
    ]

    @Test(arguments: bad) func refusesTheFileForOneBadRowAndNamesIt(_ row: String, _ line: Int, _ column: String?, _ code: String) throws {
        let server = try InProcess()
        try server.api.addAccount("TAKEN-1")
        try server.api.addDevice("350000000000063", account: "TAKEN-1")
        let reply = try send(server.api, Self.heading + "FINE-1,N,,,490154203237518\n" + row + "\n")
        expectProblem(reply, 422, "import_refused")
        #expect(reply.json["error_count"].integer == 1, "\(reply.text)")
        let error = reply.json["errors"][0]
        #expect(error["line"].integer == Int64(line) && error["column"].string == column && error["code"].string == code, "\(reply.text)")
        #expect(error["detail"].string?.hasSuffix(".") == true)
        #expect(try references(server.api) == ["TAKEN-1"])
        #expect(try server.api.must(200, "GET", "/v1/devices")["devices"].array.count == 1)
        // The others go in when it is left out, unless the rest of the file could not be read.
        let second = try send(server.api, Self.heading + "FINE-1,N,,,490154203237518\n" + row + "\n", "?skip_bad=true")
        if code == "open_quote" { return expectProblem(second, 422, "import_refused") }
        #expect(second.status == 200 && second.json["skipped"].integer == 1, "\(second.text)")
        #expect(second.json["errors"][0]["code"].string == code)
        #expect(try references(server.api).prefix(2).contains("FINE-1"))
    }

    private static let headings: [(String, String, String)] = [
        ("", "missing_column", "empty"), ("reference\n", "missing_column", "owner_name"), ("owner_name\n", "missing_column", "reference"),
        ("reference,owner_name,colour\n", "unknown_column", "colour"), ("reference,owner_name,Reference\n", "duplicate_column", "reference"),
        ("SHOP-1,Thandi\n", "unknown_column", "shop-1"), ("reference,\"owner_name\n", "open_quote", "line 1"),
    ]

    @Test(arguments: headings) func refusesAHeadingThatIsWrongAlsoWhenBadRowsMayBeSkipped(_ text: String, _ code: String, _ word: String) throws {
        for query in ["", "?skip_bad=true"] {
            let reply = try send(Shared.api, text, query)
            expectProblem(reply, 422, "import_refused")
            #expect(
                reply.json["errors"][0]["code"].string == code && reply.json["errors"][0]["detail"].string?.contains(word) == true, "\(reply.text)")
        }
    }

    @Test func refusesUTF16AndWhatIsNotUTF8() throws {
        let wide = Array("reference,owner_name\n".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let reply = try send(Shared.api, [0xFF, 0xFE] + wide)
        #expect(reply.json["errors"][0]["detail"].string?.contains("UTF-8") == true, "\(reply.text)")
        let cell = try send(Shared.api, Array("reference,owner_name\n\(Names.reference()),Caf".utf8) + [0xE9, 0x0A])
        #expect(cell.json["errors"][0]["column"].string == "owner_name" && cell.json["errors"][0]["code"].string == "not_utf8")
    }

    @Test func countsAllErrorsAndListsAThousand() throws {
        let server = try InProcess()
        let text = Self.heading + (0..<1200).map { "BAD_\($0),,,,\n" }.joined()
        let reply = try send(server.api, text)
        #expect(reply.json["error_count"].integer == 2400 && reply.json["errors"].array.count == 1000)
        let skipped = try send(server.api, text + "GOOD-1,N,,,\n", "?skip_bad=true")
        #expect(skipped.json["created"].integer == 1 && skipped.json["skipped"].integer == 1200, "\(skipped.text.prefix(200))")
    }

    @Test func changesNothingInADryRun() throws {
        let server = try InProcess()
        let reply = try send(server.api, Self.heading + "DRY-1,N,,,\n", "?dry_run=true")
        #expect(reply.status == 200 && reply.json["created"].integer == 1 && reply.json["dry_run"].bool == true)
        #expect(try references(server.api).isEmpty)
        #expect(try send(server.api, Self.heading + "DRY-1,,,,\n", "?dry_run=true").status == 422)
        expectProblem(try send(server.api, Self.heading, "?dry_run=yes"), 400, "invalid_query")
    }

    @Test func givesBackWhatItTook() throws {
        let server = try InProcess()
        let imei = Names.imei()
        let text =
            Self.heading
            + "TRIP-1,\"'=a \"\"quoted\"\", name\",,KazTimpaPro KazTimpaX,\(imei)\nTRIP-2,@name,+27711234567,,\nTRIP-3,\"two\nlines\",,KazangPOS,\n"
        #expect(try send(server.api, text).status == 200)
        let file = try server.api.get("/v1/accounts/export")
        #expect(file.header("Content-Type")?.hasPrefix("text/csv") == true && file.header("Link") == nil)
        #expect(file.text.contains("'@name") && file.text.contains("'+27711234567"))
        let other = try InProcess()
        #expect(try send(other.api, file.body).status == 200)
        #expect(try other.api.get("/v1/accounts/export").body == file.body)
        for reference in ["TRIP-1", "TRIP-2", "TRIP-3"] {
            let (one, two) = try (server.api.must(200, "GET", "/v1/accounts/\(reference)"), other.api.must(200, "GET", "/v1/accounts/\(reference)"))
            for field in ["owner", "linked_number", "language", "locked_channels"] { #expect(one[field] == two[field], "\(reference).\(field)") }
        }
        #expect(try other.api.must(200, "GET", "/v1/accounts/TRIP-1")["owner"]["name"].string == #"=a "quoted", name"#)
        let again = try send(server.api, file.body)
        #expect(again.status == 422 && again.json["error_count"].integer == 4, "three references and one IMEI are there: \(again.text)")
        #expect(try server.api.must(200, "GET", "/v1/notes")["notes"].array.contains { $0["kind"].string == "accounts_exported" })
    }

    @Test func exportsPagesThatAreOneFile() throws {
        let server = try InProcess()
        let rows = (10..<35).map { "PAGE-\($0),N,,,\n" }.joined()
        #expect(try send(server.api, Self.heading + rows).status == 200)
        let whole = try server.api.get("/v1/accounts/export").body
        var joined: [UInt8] = []
        var path: String? = "/v1/accounts/export?limit=10"
        var pages = 0
        while let next = path, pages < 10 {
            let reply = try server.api.get(next)
            joined += reply.body
            pages += 1
            path = reply.header("Link").flatMap { $0.split(separator: ">").first.map { String($0.dropFirst()) } }
        }
        #expect(joined == whole && pages == 3)
    }

    @Test func registersADeviceThatWasSignedInSomewhere() throws {
        let server = try InProcess()
        try server.api.addAccount("OLD-1")
        let terminal = try TestTerminal.enrolled(server.api, claims: "OLD-1")
        try terminal.connect(now: server.clock.now.unixSeconds)
        #expect(try send(server.api, Self.heading + "NEW-1,N,,KazTimpaPro,\(terminal.imei)\n").status == 200)
        #expect(try server.api.must(200, "GET", "/v1/devices/\(terminal.imei)")["account"].string == "NEW-1")
        #expect(try server.api.must(200, "GET", "/v1/accounts/OLD-1")["devices"].array.isEmpty)
    }

    /// Every reference and IMEI is the import's or somebody else's, whoever comes first, and a refused import has left nothing.
    @Test func isWholeOrNothingBesideOtherPeople() async throws {
        let server = try InProcess()
        let api = server.api
        try api.addAccount("OTHER-1")
        let imeis = (0..<60).map { _ in Names.imei() }
        let text = Self.heading + (0..<60).map { "RACE-\(100 + $0),N,,,\(imeis[$0])\n" }.joined()
        let outcome = try await withThrowingTaskGroup(of: Int?.self, returning: (Int, Int).self) { group in
            group.addTask { try send(api, text).status }
            group.addTask {
                for imei in imeis.shuffled().prefix(10) { _ = try api.post("/v1/devices", #"{"imei":"\#(imei)","account":"OTHER-1"}"#) }
                return nil
            }
            group.addTask {
                for number in (0..<60).shuffled().prefix(10) {
                    _ = try api.post("/v1/accounts", #"{"reference":"RACE-\#(100 + number)","owner":{"name":"Mine"}}"#)
                }
                return nil
            }
            var status = 0
            for try await one in group { status = one ?? status }
            return (status, 0)
        }
        let accounts = try api.must(200, "GET", "/v1/accounts?limit=200")["accounts"].array
        let imported = accounts.filter { $0["owner"]["name"].string == "N" }
        #expect(outcome.0 == 200 ? imported.count == 60 : outcome.0 == 422 && imported.isEmpty)
        let registered = accounts.flatMap { $0["devices"].array.compactMap { $0["imei"].string } }
        #expect(Set(registered).count == registered.count)
        let after = try send(api, Self.heading + "AFTER-1,N,,,\n")
        #expect(after.status == 200, "nothing is left staged: \(after.text)")
    }

    /// Killed before the import was accepted: nothing of it; afterwards: all of it, without anybody asking again.
    @Test(arguments: ["staging", "storing"]) func isWholeOrNothingWhenTheServerIsKilled(_ phase: String) throws {
        let server = try ServerProcess()
        let count = 2000
        let file = Self.heading + (0..<count).map { "KILL-\(1000 + $0),N,,KazTimpaPro,\(Names.imei())\n" }.joined()
        let connection = try server.api.send("POST", "/v1/accounts/import", bytes: Array(file.utf8))
        try eventually("the import to be at \(phase)") {
            let progress = try server.api.get("/v1/accounts/import").json
            return progress["phase"].string == phase && progress["done"].integer != 0
        }
        try server.kill()
        withExtendedLifetime(connection) {}
        let next = try server.successor()
        try eventually("the import to be finished or dropped", within: .seconds(60)) {
            try next.api.get("/v1/accounts/import").json["phase"].string == "idle"
                && next.api.call("POST", "/v1/accounts/import", Self.heading + "AFTER-1,N,,,\n").status != 409
        }
        let lines = try next.api.get("/v1/accounts/export").text.split(whereSeparator: \.isNewline)
        let found = lines.count { $0.hasPrefix("KILL-") }
        if phase == "storing" { #expect(found == count) } else { #expect(found == 0 || found == count) }
        #expect(lines.filter { $0.hasPrefix("KILL-") }.allSatisfy { $0.split(separator: ",").last?.count == 15 }, "each with its device")
        #expect(try next.api.must(200, "GET", "/v1/audit")["ok"].bool == true)
        #expect(try next.api.must(200, "GET", "/v1/devices")["devices"].array.isEmpty == (found == 0))
    }

    @Test(arguments: ["call_centre", "senior", "field_agent", "auditor", "switch"]) func isForAdministrators(_ role: String) throws {
        let caller = try Shared.api.issueToken(role: role, name: "import-\(Names.reference())")
        expectProblem(try send(caller, Self.heading), 403, "role_may_not")
        #expect(try caller.get("/v1/accounts/import").status == 403)
        #expect(try caller.get("/v1/accounts/export?limit=1").status == (role == "auditor" ? 200 : 403))
    }

    @Test func refusesAFileThatIsTooLarge() throws {
        let head =
            "POST /v1/accounts/import HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(try Shared.api.token!)\r\nContent-Length: 33554433\r\n\r\n"
        let connection = try RawConnection(port: Shared.api.port)
        try connection.send(head)
        expectProblem(try connection.reply(), 413, "body_too_large")
    }
}
