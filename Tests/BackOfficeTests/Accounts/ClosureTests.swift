import TestSupport
import Testing
import Wire

@Suite struct ClosureTests {
    private func close(_ reference: String, _ api: API, note: String = "gave up the shop") throws -> Reply {
        try api.post("/v1/accounts/\(reference)/closure", #"{"note":"\#(note)"}"#)
    }

    private func reopen(_ reference: String, _ api: API) throws -> Reply {
        try api.delete("/v1/accounts/\(reference)/closure", #"{"note":"back again"}"#)
    }

    private func permitted(_ reference: String, _ imei: String, _ api: API) throws -> JSONValue {
        try api.must(
            200, "POST", "/v1/authorizations",
            #"{"account":"\#(reference)","imei":"\#(imei)","channel":"KazTimpaPro","operation":"airtime_vend","amount_cents":100}"#)
    }

    @Test func stopsEveryTerminalAndTakesItOffTheAccount() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference, channels: ["KazTimpaPro", "KazangMobi2"])
        let registered = try TestTerminal.connected(api, account: reference)
        let signedIn = try TestTerminal.connected(api, claims: reference, on: "KazangMobi2")
        let open = try registered.poll(after: 0)
        #expect(!open.locked)
        let waiting = try registered.startPoll(after: open.rev)
        let account = try close(reference, api)
        #expect(account.status == 200 && account.json.has("closed_at") && account.json["locked"].bool == true, "\(account.text)")
        #expect(account.json["devices"].array.isEmpty)
        #expect(account.json["holds"][0]["reason"].string == "Account closed: gave up the shop")
        let lease = try registered.lease(waiting)
        #expect(lease.locked && lease.rev > open.rev)
        // A session ends with its sign-in, as when staff sign a device out.
        #expect(try signedIn.pollReply(after: 0).status == 401)
        for imei in [registered.imei, signedIn.imei, Names.imei()] {
            let answer = try permitted(reference, imei, api)
            #expect(answer["permitted"].bool == false && answer["reason"].string == "account_locked")
            #expect(try !api.get("/v1/devices/\(imei)").json.has("account"))
        }
        // It signs in again, and stays locked.
        #expect(try signedIn.connect().reasons?.contains("account_locked") == true)
        let kinds = try api.must(200, "GET", "/v1/accounts/\(reference)/notes")["notes"].array.compactMap { $0["kind"].string }
        #expect(Set(["account_closed", "hold_placed", "device_unregistered", "signed_out"]).isSubset(of: kinds))
        _ = try registered.poll(after: lease.rev)
        try eventually("the terminal's confirmation") {
            try api.must(200, "GET", "/v1/accounts/\(reference)/locks")["locks"][0]["terminals"].array
                .contains { $0["imei"].string == registered.imei && $0.has("enforced_at") }
        }
    }

    @Test func isUndoneByReopeningAlone() throws {
        let api = try Shared.api
        let reference = Names.reference()
        let imei = Names.imei()
        try api.addAccount(reference)
        try api.addDevice(imei, account: reference)
        let other = try api.lock(reference, kind: "fraud")
        let closed = try close(reference, api).json
        let hold = try #require(closed["holds"].array.first { $0["kind"].string == "staff" }?["id"].string)
        expectProblem(try api.delete("/v1/accounts/\(reference)/holds/\(hold)", #"{"note":"n"}"#), 409, "account_closed")
        expectProblem(try close(reference, api), 409, "account_closed")
        expectProblem(try api.post("/v1/devices", #"{"imei":"\#(imei)","account":"\#(reference)"}"#), 409, "account_closed")
        expectProblem(
            try api.put("/v1/accounts/\(reference)/locked-channels", #"{"channels":["KazangPOS"],"ticket":"T"}"#), 409, "account_closed")
        let open = try reopen(reference, api)
        #expect(open.status == 200 && !open.json.has("closed_at") && open.json["holds"].array.map { $0["id"].string } == [other], "\(open.text)")
        #expect(open.json["locked"].bool == true, "what somebody else placed stands")
        try api.release(other, of: reference)
        expectProblem(try reopen(reference, api), 409, "account_open")
        #expect(try api.post("/v1/devices", #"{"imei":"\#(imei)","account":"\#(reference)"}"#).status == 200)
        #expect(try permitted(reference, imei, api)["permitted"].bool == true)
        let revisions = try [closed, open.json, api.get("/v1/accounts/\(reference)").json].compactMap { $0["revision"].integer }
        #expect(revisions == revisions.sorted() && Set(revisions).count == 3)
    }

    @Test func asksForAReasonAndAnAccount() throws {
        let api = try Shared.api
        let reference = Names.reference()
        expectProblem(try close(reference, api), 404, "account_not_found")
        expectProblem(try reopen(reference, api), 404, "account_not_found")
        try api.addAccount(reference)
        expectProblem(try close(reference, api, note: "  "), 400, "text_required")
        #expect(try !api.get("/v1/accounts/\(reference)").json.has("closed_at"))
    }

    @Test func isStillFoundAndShown() throws {
        let server = try InProcess()
        try server.api.addAccount("GONE-1", number: "+27821234567")
        try server.api.addAccount("HERE-1")
        #expect(try close("GONE-1", server.api).status == 200)
        let found = try server.api.must(200, "GET", "/v1/accounts?query=GONE")["accounts"]
        #expect(found[0]["reference"].string == "GONE-1" && found[0].has("closed_at"))
        let file = try server.api.get("/v1/accounts/export").text
        #expect(file.contains("HERE-1") && !file.contains("GONE-1"), "a file of open accounts")
    }

    /// A Stop to a closed account adds nothing, and is answered with what is so: it is locked, since when.
    @Test func answersAStopWithoutAnotherLock() throws {
        let office = try WhatsAppOffice()
        try office.account()
        #expect(try close("12345678", office.api).status == 200)
        for text in ["Stop 12345678", "Stop 12345678 test"] {
            try office.say(text)
            try office.pass(.seconds(2))
        }
        #expect(try office.holds().map { $0["kind"].string } == ["staff"])
        #expect(try office.outcomes() == ["repeated", "repeated"])
        let texts = office.texts()
        #expect(texts.count == 2 && texts.allSatisfy { $0.contains("Wallet 12345678 was locked already") }, "\(texts)")
        #expect(try reopen("12345678", office.api).status == 200)
        try office.say("Stop 12345678")
        #expect(try office.holds().map { $0["kind"].string } == ["vendor"])
    }
}
