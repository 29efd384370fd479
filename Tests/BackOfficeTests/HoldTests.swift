import TestSupport
import Testing
import Wire

@Suite struct HoldTests {
    private func account() throws -> String {
        let reference = Names.reference()
        try Shared.api.addAccount(reference)
        return reference
    }

    @Test(arguments: ["vendor", "staff", "fraud"]) func placesAHoldOfEachKind(_ kind: String) throws {
        let api = try Shared.api
        let reference = try account()
        let before = try #require(api.get("/v1/accounts/\(reference)").json["revision"].integer)
        let hold = try api.must(201, "POST", "/v1/accounts/\(reference)/holds", #"{"kind":"\#(kind)","reason":"  stolen in Soweto  "}"#)
        #expect(hold["kind"].string == kind)
        #expect(hold["reason"].string == "stolen in Soweto")
        #expect(hold["id"].string?.isEmpty == false)
        let account = try api.get("/v1/accounts/\(reference)").json
        #expect(account["holds"].array.map { $0["id"] } == [hold["id"]])
        #expect(try #require(account["revision"].integer) > before)
        let note = try api.get("/v1/accounts/\(reference)/notes").json["notes"][0]
        #expect(note["kind"].string == "hold_placed" && note["text"].string?.contains("stolen in Soweto") == true)
        #expect(note["actor"].string?.contains("admin") == true && note["role"].string == "admin")
    }

    @Test func keepsTheHoldsOfDifferentPartiesApart() throws {
        let api = try Shared.api
        let reference = try account()
        let terminal = try TestTerminal.connected(api, account: reference)
        let ids = try ["vendor", "staff", "fraud"].map { try api.lock(reference, kind: $0) }
        var revision = try terminal.poll(after: nil).rev
        for (count, id) in ids.enumerated() {
            let lease = try terminal.poll(after: nil)
            #expect(lease.locked && lease.rev >= revision, "\(ids.count - count) holds stand")
            revision = lease.rev
            try api.release(id, of: reference)
            #expect(try api.get("/v1/accounts/\(reference)").json["holds"].array.count == ids.count - count - 1)
        }
        let open = try terminal.poll(after: nil)
        #expect(!open.locked && open.rev > revision)
    }

    @Test func countsTwoHoldsOfOneKindAsTwo() throws {
        let api = try Shared.api
        let reference = try account()
        let terminal = try TestTerminal.connected(api, account: reference)
        let first = try api.lock(reference)
        let second = try api.lock(reference)
        #expect(first != second)
        try api.release(first, of: reference)
        #expect(try terminal.poll(after: nil).locked)
        try api.release(second, of: reference)
        #expect(try terminal.poll(after: nil).locked == false)
    }

    @Test func refusesToReleaseTwiceAndChangesNothing() throws {
        let api = try Shared.api
        let reference = try account()
        let first = try api.lock(reference)
        try api.release(first, of: reference)
        // A late or repeated unlock never lifts a newer lock.
        try api.lock(reference)
        func state() throws -> [JSONValue] {
            let account = try api.get("/v1/accounts/\(reference)").json
            return [account["revision"]] + account["holds"].array.map { $0["id"] }
        }
        let before = try state()
        expectProblem(try api.delete("/v1/accounts/\(reference)/holds/\(first)", #"{"note":"again"}"#), 409, "already_released")
        #expect(try state() == before)
    }

    @Test func refusesAHoldOfAnotherAccountAndOneThatThereIsNot() throws {
        let api = try Shared.api
        let reference = try account()
        let other = try account()
        let id = try api.lock(reference)
        for path in ["/v1/accounts/\(other)/holds/\(id)", "/v1/accounts/\(reference)/holds/hold_none"] {
            expectProblem(try api.delete(path, #"{"note":"n"}"#), 404, "hold_not_found")
        }
        let imei = Names.imei()
        try api.addDevice(imei, account: reference)
        expectProblem(try api.delete("/v1/devices/\(imei)/holds/\(id)", #"{"note":"n"}"#), 404, "hold_not_found")
        #expect(try api.get("/v1/accounts/\(reference)").json["holds"].array.count == 1)
    }

    @Test(arguments: [#"{"note":""}"#, #"{"note":"   "}"#, #"{}"#, nil, #"{"note":7}"#]) func wantsANoteForARelease(_ body: String?) throws {
        let api = try Shared.api
        let reference = try account()
        let id = try api.lock(reference)
        let reply = try api.delete("/v1/accounts/\(reference)/holds/\(id)", body)
        #expect(reply.status == 400)
        expectProblemForm(reply)
        #expect(try api.get("/v1/accounts/\(reference)").json["holds"].array.count == 1)
    }

    private static let badHolds: [(String, String)] = [
        (#"{"kind":"staff","reason":""}"#, "text_required"), (#"{"kind":"staff","reason":" \n "}"#, "text_required"),
        (#"{"kind":"staff"}"#, "invalid_body"),
        (#"{"reason":"r"}"#, "invalid_body"), (#"{"kind":"police","reason":"r"}"#, "invalid_body"),
        (#"{"kind":"Staff","reason":"r"}"#, "invalid_body"),
        ("[]", "invalid_body"), ("", "malformed_json"), (#"{"kind":"staff","reason":"\#(String(repeating: "r", count: 501))"}"#, "text_required"),
    ]

    @Test(arguments: badHolds) func refusesABadHoldAndLocksNothing(_ body: String, _ code: String) throws {
        let api = try Shared.api
        let reference = try account()
        expectProblem(try api.post("/v1/accounts/\(reference)/holds", body), 400, code)
        #expect(try api.get("/v1/accounts/\(reference)").json["holds"] == .array([]))
    }

    @Test func namesTheKindsThatThereAre() throws {
        let reply = try Shared.api.post("/v1/accounts/\(account())/holds", #"{"kind":"police","reason":"r"}"#)
        for kind in ["kind", "vendor", "staff", "fraud"] { #expect(reply.json["detail"].string?.contains(kind) == true) }
    }

    @Test func locksADeviceByItself() throws {
        let api = try Shared.api
        let reference = try account()
        let terminal = try TestTerminal.connected(api, account: reference)
        let path = "/v1/devices/\(terminal.imei)/holds"
        let hold = try api.must(201, "POST", path, #"{"kind":"fraud","reason":"came back from a thief"}"#)
        #expect(try terminal.poll(after: nil).reasons == ["device_locked"])
        #expect(try api.get("/v1/devices/\(terminal.imei)").json["holds"].array.map { $0["id"] } == [hold["id"]])
        #expect(try api.get("/v1/accounts/\(reference)").json["holds"] == .array([]))
        // Releasing what stands on the account does not open the device.
        try api.release(api.lock(reference), of: reference)
        #expect(try terminal.poll(after: nil).reasons == ["device_locked"])
        try api.must(200, "DELETE", path + "/\(hold["id"].string!)", #"{"note":"checked in the workshop"}"#)
        #expect(try terminal.poll(after: nil).locked == false)
        expectProblem(try api.post("/v1/devices/\(Names.imei())/holds", #"{"kind":"staff","reason":"r"}"#), 404, "device_not_found")
    }

    /// Invariant 10: every change of a lock is on the record, where staff find it.
    @Test func notesADevicesHoldsOnItsAccount() throws {
        let api = try Shared.api
        let reference = try account()
        let imei = Names.imei()
        try api.addDevice(imei, account: reference)
        let hold = try api.must(201, "POST", "/v1/devices/\(imei)/holds", #"{"kind":"fraud","reason":"seen in a raid"}"#)
        try api.must(200, "DELETE", "/v1/devices/\(imei)/holds/\(hold["id"].string!)", #"{"note":"given back"}"#)
        let notes = try api.get("/v1/accounts/\(reference)/notes").json["notes"].array
        for (kind, text) in [("hold_placed", "seen in a raid"), ("hold_released", "given back")] {
            #expect(
                notes.contains { $0["kind"].string == kind && $0["text"].string?.contains(text) == true && $0["text"].string?.contains(imei) == true }
            )
        }
    }

    @Test func listsLocksNewestFirstByPages() throws {
        let api = try Shared.api
        let reference = try account()
        var ids: [String] = []
        for number in 0..<7 { ids.append(try api.lock(reference, reason: "lock \(number)")) }
        try api.release(ids[2], of: reference)
        var seen: [JSONValue] = []
        var after: String?
        repeat {
            let page = try api.must(200, "GET", "/v1/accounts/\(reference)/locks?limit=3" + (after.map { "&after=\($0)" } ?? ""))
            seen += page["locks"].array
            after = page["next"].string
        } while after != nil && seen.count < 20
        #expect(seen.map { $0["id"].string } == ids.reversed())
        #expect(seen.allSatisfy { $0.has("requested_at") && $0.has("terminals") })
        #expect(seen.filter { $0.has("released_at") }.map { $0["id"].string } == [ids[2]])
        try eventually("committed_at of all") {
            try api.get("/v1/accounts/\(reference)/locks").json["locks"].array.allSatisfy { $0.has("committed_at") }
        }
    }

    @Test func survivesManyHoldsAtOnce() throws {
        let server = try ServerProcess()
        try server.api.addAccount("ACC-RUSH")
        let sent = try (0..<60).map { number in
            try server.api.send("POST", "/v1/accounts/ACC-RUSH/holds", bytes: Array(#"{"kind":"staff","reason":"number \#(number)"}"#.utf8))
        }
        let ids = try sent.map { try $0.reply() }.map { reply in
            #expect(reply.status == 201)
            return reply.json["id"].string ?? ""
        }
        #expect(Set(ids).count == 60)
        let revisions = try server.api.must(200, "GET", "/v1/accounts/ACC-RUSH/locks?limit=200")["locks"].array.compactMap { $0["revision"].integer }
        #expect(Set(revisions).count == 60, "each change of a lock state has a revision of its own")
    }
}
