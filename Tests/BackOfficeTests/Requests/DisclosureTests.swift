import BackOffice
import TestSupport
import Testing
import Wire

/// What level 1 asks an owner for, it cannot read.
@Suite struct DisclosureTests {
    /// Everything that shows the account to whoever may look.
    private static let paths = [
        "/v1/accounts/CHECKED-1", "/v1/accounts", "/v1/accounts?query=CHECKED", "/v1/accounts?query=352099001761481", "/v1/accounts/CHECKED-1/notes",
        "/v1/accounts/CHECKED-1/locks", "/v1/accounts/CHECKED-1/drills", "/v1/devices",
    ]

    @Test func neverShowsTheCallCentreAnAddressOrAnIDNumber() throws {
        let office = try CheckedOffice()
        let desk = try office.caller("call_centre")
        let all = try office.admin.must(200, "GET", office.path)
        for account in [
            try desk.must(200, "GET", office.path), try desk.must(200, "GET", "/v1/accounts")["accounts"][0],
            try desk.must(200, "PATCH", office.path, #"{"language":"en"}"#),
        ] {
            #expect(account["hidden"].strings == ["owner.address", "owner.id_number"])
            #expect(account["owner"].keys == ["email", "name", "surname"])
            #expect(account.members.filter { !["owner", "hidden"].contains($0.key) } == all.members.filter { $0.key != "owner" })
        }
        let made = try desk.must(201, "POST", "/v1/accounts", #"{"reference":"OTHER-1","owner":{"name":"N","address":"1 Example Street"}}"#)
        #expect(!made["owner"].has("address") && made["hidden"].strings == ["owner.address"])
        let bare = try desk.must(201, "POST", "/v1/accounts", #"{"reference":"OTHER-2","owner":{"name":"N"}}"#)
        #expect(!bare.has("hidden"), "nothing is left out where there is nothing")
    }

    @Test(arguments: ["senior", "field_agent", "auditor", "admin"]) func hidesNothingFromOthers(_ role: String) throws {
        let office = try CheckedOffice()
        let caller = try office.caller(role)
        let before = try Self.paths.map { try caller.must(200, "GET", $0) }
        office.check()
        #expect(try Self.paths.map { try caller.must(200, "GET", $0) } == before)
        let account = try caller.must(200, "GET", office.path)
        #expect(try account["owner"] == JSONValue(Array(CheckedOffice.owner.utf8)) && !account.has("hidden"))
        #expect(account["devices"][0]["imei"].string == CheckedOffice.imei && account["last_channel"]["imei"].string == CheckedOffice.imei)
        #expect(try caller.must(200, "GET", office.path + "/locks")["locks"][0]["terminals"][0]["imei"].string == CheckedOffice.imei)
    }

    @Test func hidesFromTheCallCentreAllThatTheOwnerIsAskedFor() throws {
        let office = try CheckedOffice()
        let desk = try office.caller("call_centre")
        let before = try Self.paths.map { try desk.must(200, "GET", $0) }
        office.check()
        for path in Self.paths {
            let text = try desk.get(path).text
            for secret in CheckedOffice.secrets { #expect(!text.contains(secret), "\(path) tells \(secret)") }
        }
        let patched = try desk.call("PATCH", office.path, #"{"language":"en"}"#).text
        let noted = try desk.post(office.path + "/notes", #"{"text":"Is it 352099 001761481?"}"#)
        for secret in CheckedOffice.secrets { #expect(!patched.contains(secret) && !noted.text.contains(secret)) }
        #expect(noted.status == 201 && noted.json["text"].string == "Is it \(CheckedOffice.tail)?")
        office.check(CheckedOffice.reference, false)
        let after = try Self.paths.map { try desk.must(200, "GET", $0) }
        for (place, path) in Self.paths.enumerated() where !path.hasSuffix("/notes") { #expect(after[place] == before[place], "\(path)") }
    }

    @Test func namesWhatItLeftOutAndKeepsTheForm() throws {
        let office = try CheckedOffice()
        let desk = try office.caller("call_centre")
        office.check()
        let account = try desk.must(200, "GET", office.path)
        #expect(
            account["hidden"].strings
                == ["owner.name", "owner.surname", "owner.address", "owner.id_number", "owner.email", "last_channel.imei", "devices.imei"])
        #expect(account["owner"] == .object(["name": .string("hidden")]))
        #expect(account["devices"][0]["imei"].string == CheckedOffice.tail && account["devices"][0]["model"].string == "T-1")
        #expect(account["last_channel"]["imei"].string == CheckedOffice.tail && account["last_channel"]["channel"].string == "KazTimpaPro")
        #expect(account["holds"][0]["reason"].string == "stolen: \(CheckedOffice.tail)")
        #expect(account["linked_number"].string == "+27711234567")
        let lock = try desk.must(200, "GET", office.path + "/locks")["locks"][0]
        #expect(lock["terminals"][0]["imei"].string == CheckedOffice.tail && lock["reason"].string == "stolen: \(CheckedOffice.tail)")
        let drills = try desk.must(200, "GET", office.path + "/drills")["drills"]
        #expect(drills[0]["terminals"][0]["imei"].string == CheckedOffice.tail)
        let drill = try desk.must(200, "GET", office.path + "/drills/\(drills[0]["id"].string ?? "")")
        #expect(drill["terminals"][0]["imei"].string == CheckedOffice.tail)
        let notes = try desk.must(200, "GET", office.path + "/notes")["notes"].array.compactMap { $0["text"].string }
        #expect(notes.contains("Called about \(CheckedOffice.tail), bought 2026-11-21."))
        #expect(notes.contains("Device \(CheckedOffice.tail) registered to CHECKED-1."))
        // As the document describes it.
        let schemas = try office.admin.get("/openapi.json").json["components"]["schemas"]
        #expect(schemas["Account"]["required"].strings.allSatisfy(account.has))
        #expect(Set(account.keys).isSubset(of: schemas["Account"]["properties"].keys))
        #expect(Set(account["hidden"].strings).isSubset(of: schemas["Account"]["properties"]["hidden"]["items"]["enum"].strings))
    }

    // MARK: Searches

    /// What to look for, and whether it finds the account while it is checked. All of them find it otherwise.
    private static let searches: [(String, Bool)] = [
        ("CHECKED-1", true), ("checked", true), ("Thandi", true), ("mabuza", true), ("%2B27711234567", true), ("0711234567", true),
        ("7112345", true), ("352099001761481", true), ("35-209900-176148-1", true), ("35209900176148", true), ("352099", false), ("1761481", false),
        ("3520990017614", false), ("99001", false), ("35%20209900", false), ("1", true), ("148", false), ("9", false),
    ]

    @Test(arguments: searches) func findsACheckedAccountByNoPartOfAnIMEI(_ query: String, _ isFound: Bool) throws {
        let office = try CheckedOffice()
        let desk = try office.caller("call_centre")
        func finds(_ caller: API) throws -> Bool { try !caller.must(200, "GET", "/v1/accounts?query=\(query)")["accounts"].array.isEmpty }
        #expect(try finds(desk))
        office.check()
        #expect(try finds(desk) == isFound && finds(office.admin))
    }

    @Test func pagesPastWhatItLeavesOut() throws {
        let office = try CheckedOffice()
        let desk = try office.caller("call_centre")
        // They stand before, between and behind one another by reference and by IMEI.
        let others = try (0..<6).map { number in
            let reference = number < 3 ? "A-00\(number)" : "Z-00\(number)"
            try office.admin.addAccount(reference)
            try office.admin.addDevice(IMEI(serial: 35_209_900_176_100 + UInt64(number) * 20).description, account: reference)
            return reference
        }
        for checked in [CheckedOffice.reference, others[0], others[2], others[5]] { office.check(checked) }
        func pages(_ path: String, _ list: String, _ name: String, limit: Int) throws -> (shown: [String], next: [String]) {
            var (shown, next): ([String], [String]) = ([], [])
            repeat {
                let page = try desk.must(200, "GET", "\(path)limit=\(limit)" + (next.last.map { "&after=\($0)" } ?? ""))
                shown += page[list].array.compactMap { $0[name].string }
                guard let after = page["next"].string else { break }
                next.append(after)
            } while next.count < 20
            return (shown, next)
        }
        for limit in [1, 2, 3, 50] {
            let found = try pages("/v1/accounts?query=3520990017&", "accounts", "reference", limit: limit)
            #expect(found.shown == [others[1], others[3], others[4]] && Set(found.next).isSubset(of: found.shown))
            let devices = try pages("/v1/devices?", "devices", "account", limit: limit)
            #expect(devices.shown == [others[1], others[3], others[4]])
            #expect(devices.next.allSatisfy { imei in [1, 3, 4].contains { IMEI(serial: 35_209_900_176_100 + $0 * 20).description == imei } })
        }
        #expect(try office.admin.must(200, "GET", "/v1/devices")["devices"].array.count == 7)
    }

    @Test func showsADeviceToWhoeverKnowsItsWholeIMEI() throws {
        let office = try CheckedOffice()
        let desk = try office.caller("call_centre")
        office.check()
        #expect(try desk.must(200, "GET", "/v1/devices/\(CheckedOffice.imei)")["account"].string == CheckedOffice.reference)
        expectProblem(try desk.get("/v1/devices/352099"), 400, "invalid_imei")
    }

    @Test func exportsNothingToTheCallCentre() throws {
        let office = try CheckedOffice()
        expectProblem(try office.caller("call_centre").get("/v1/accounts/export"), 403, "role_may_not")
    }

    // MARK: Texts

    private static let texts: [(String, String)] = [
        ("352099001761481", "…1481"), ("IMEI:352099001761481.", "IMEI:…1481."), ("35209900176148", "…6148"), ("3520990017614801", "…4801"),
        ("35-209900-176148-1", "…1481"), ("35 209900 176148 1", "…1481"), ("352099/00/176148.1", "…1481"),
        ("35209 - 9001761481", "35209 - 9001761481"),
        ("35\u{A0}209900\u{2011}176148\u{2013}1", "…1481"), ("٣٥٢٠٩٩٠٠١٧٦١٤٨١", "…١٤٨١"), ("352099\u{200B}001761481", "…1481"),
        ("352099001761481 2026-11-21", "…1481 2026-11-21"), ("352099001761481, 490154203237518", "…1481, …7518"),
        ("352099001761481 490154203237518", "…1481 …7518"), ("a352099001761481b", "a…1481b"), ("12345678901234567890", "…7890"),
        // Nothing that can be an IMEI.
        ("", ""), ("-", "-"), ("+27711234567", "+27711234567"), ("3520990017614", "3520990017614"), ("8001015009087", "8001015009087"),
        ("2026-11-21 20:00", "2026-11-21 20:00"), ("R 1 250.00 on 2026-11-21", "R 1 250.00 on 2026-11-21"),
        ("3520990\n01761481", "3520990\n01761481"), ("line one.\n12 - 34", "line one.\n12 - 34"),
    ]

    @Test(arguments: texts) func masksTheNumbersThatCanBeIMEIs(_ text: String, _ masked: String) {
        #expect(Disclosure(caller: .callCentre, isChecking: true).masked(text) == masked)
        #expect(Disclosure(caller: .callCentre, isChecking: false).masked(text) == text)
        for role in Role.allCases where role != .callCentre { #expect(Disclosure(caller: role, isChecking: true).masked(text) == text) }
        #expect(Disclosure(caller: nil, isChecking: true).masked(text) == text, "of the command line and the system itself")
    }

    @Test func writesAndReadsAnIMEIInFullOrItsTail() throws {
        let imeis: [ShownIMEI] = [.whole(try IMEI(CheckedOffice.imei)), .tail("1481")]
        let bytes = JSON.encode(imeis)
        #expect(String(decoding: bytes, as: UTF8.self) == #"["352099001761481","…1481"]"#)
        #expect(try JSON.decode([ShownIMEI].self, from: bytes) == imeis)
        #expect(throws: (any Error).self) { try JSON.decode([ShownIMEI].self, from: Array(#"["1481"]"#.utf8)) }
    }
}
